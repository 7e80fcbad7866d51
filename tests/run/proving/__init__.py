"""Proof by running: workflows are really executed under their generated roles, and an independent judge looks on."""

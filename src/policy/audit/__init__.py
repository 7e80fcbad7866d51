"""Audit: a role that somebody wrote by hand, held against what its state machine needs."""

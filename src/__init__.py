"""Least-privilege roles for AWS Step Functions, generated from the definition of each state machine."""

__version__ = "0.1.0"

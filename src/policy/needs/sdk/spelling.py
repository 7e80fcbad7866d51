"""How Step Functions spells the arguments of an AWS SDK integration."""

from __future__ import annotations


def as_argument(path: str) -> str:
    """A path as a definition must write it, each step with a capital: ``StateMachineArn`` for ``stateMachineArn``.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    return ".".join(step[:1].upper() + step[1:] for step in path.split("."))

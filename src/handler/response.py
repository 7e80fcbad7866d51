"""The answer that CloudFormation expects from a macro."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ERROR_MESSAGE = 4000
"""How many characters an error message has at most.

Assumed: no limit is documented for macros. A custom resource's whole response, whose reason ends up in the same
stack event, may have 4,096 bytes:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""


class Answer(TypedDict):
    """A macro's answer; ``errorMessage`` is what users see when the status is not ``success``.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
    """

    requestId: str
    status: Literal["success", "failure"]
    fragment: Mapping[str, Any]
    errorMessage: NotRequired[str]


def success(request_id: str, fragment: Mapping[str, Any]) -> Answer:
    """The processed template."""
    return {"requestId": request_id, "status": "success", "fragment": fragment}


def failure(event: object, messages: Sequence[str]) -> Answer:
    """The fragment as it came in ``event``, whatever that is, and why it was not processed: one line a message."""
    request = event if isinstance(event, dict) else {}
    request_id, fragment = request.get("requestId"), request.get("fragment")
    return {
        "requestId": request_id if isinstance(request_id, str) else "",
        "status": "failure",
        "fragment": fragment if isinstance(fragment, dict) else {},
        "errorMessage": error_message(messages),
    }


def log_place() -> str:
    """Where the function writes its logs, in words."""
    group = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
    return f"the log group {group}" if group else "the log of the macro's function"


def error_message(messages: Sequence[str]) -> str:
    """One line a message, in characters CloudFormation can show, at most :data:`MAX_ERROR_MESSAGE` long."""
    lines = [_plain(message) for message in messages]
    whole = "\n".join(lines)
    if len(whole) <= MAX_ERROR_MESSAGE:
        return whole
    shown, room = 0, MAX_ERROR_MESSAGE - len(_remainder(len(lines)))
    while room >= len(lines[shown]) + 1:
        room -= len(lines[shown]) + 1
        shown += 1
    if shown == 0:
        shown, lines[0] = 1, lines[0][: room - 4] + "..."
    left = len(lines) - shown
    return "\n".join([*lines[:shown], *([_remainder(left)] if left else [])])


def _remainder(count: int) -> str:
    return _plain(f"... and {count} more, see {log_place()}")


# Control characters in a status reason make a stack's events unreadable, and CloudFormation gives characters outside
# ASCII back as question marks:
# https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1601
# https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
_TYPOGRAPHY = str.maketrans({"…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "→": "->"})  # noqa: RUF001 - these are what is replaced


def _plain(text: str) -> str:
    return text.translate(_CONTROLS | _TYPOGRAPHY).encode("ascii", "backslashreplace").decode("ascii")

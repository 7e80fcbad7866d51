"""The ARN of a Lambda function, in the forms that the Invoke API takes.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: a name, ``name:qualifier``, a partial ARN
(``account:function:name``) or an ARN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

FUNCTION_TEMPLATE = "arn:{Partition}:lambda:{Region}:{AccountId}:function:{}"

_PARTIAL = re.compile(r"^(?P<account>\d{12}):function:(?P<name>.+)$")


def function_arn(function: Text, deployment: Deployment) -> Text | None:
    """The ARN of a partial ARN; None for every other form."""
    literal = function.literal
    match = _PARTIAL.match(literal) if literal is not None else None
    if match is None:
        return None
    return arn.build(FUNCTION_TEMPLATE, deployment, Text.of(match["name"]), account_id=Text.of(match["account"]))

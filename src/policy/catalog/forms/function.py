"""The ARN of a Lambda function, in the forms that the Invoke API takes.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: a name, ``name:qualifier``, an ARN, or an ARN without
its beginning (``account:function:name`` and what its pattern allows besides).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import qualified_name_or_arn
from sfn_least_privilege.policy.text import Literal, Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

FUNCTION_TEMPLATE = "arn:{Partition}:lambda:{Region}:{AccountId}:function:{}"

_PARTIAL = re.compile(r"^(?:(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?")
_MARK = ":function:"


def function_arn(function: Text, template: str, deployment: Deployment) -> Text:
    """The ARN that a call of the function is authorised on."""
    first, *others = function.parts or (Literal(""),)
    if isinstance(first, Literal):
        match = _PARTIAL.match(first.value)
        if match is not None and match[0]:
            return arn.build(
                template,
                deployment,
                Text.of(first.value[match.end() :], *others),
                account_id=Text.of(match["account"]) if match["account"] else None,
                region=Text.of(match["region"]) if match["region"] else None,
            )
    elif others and isinstance(others[0], Literal) and others[0].value.startswith(_MARK):
        # ${AWS::AccountId}:function:name
        name = Text.of(others[0].value.removeprefix(_MARK), *others[1:])
        return arn.build(template, deployment, name, account_id=Text((first,)))
    return qualified_name_or_arn(function, template, deployment)

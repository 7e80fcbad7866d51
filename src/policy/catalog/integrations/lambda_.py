"""AWS Lambda, through its optimised integration."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.function import FUNCTION_TEMPLATE, function_arn
from sfn_least_privilege.policy.catalog.integration import CALLBACK, ArgumentArn, Grant, Integration

INTEGRATIONS = (
    Integration(
        service="lambda",
        api="invoke",
        patterns=CALLBACK,
        grants=(
            Grant(
                ("lambda:InvokeFunction",),
                ArgumentArn("FunctionName", FUNCTION_TEMPLATE, form=function_arn, qualifier="Qualifier"),
            ),
        ),
        requires=("FunctionName",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",
        basis=Basis.DOCUMENTED,
        note="The page prints the unqualified ARN and notes that a call with a version or an alias is authorised "
        "on the qualified one; roles made by the console hold both. Granted is the one that the call names.",
    ),
)

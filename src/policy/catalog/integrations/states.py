"""AWS Step Functions: executions of other state machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.state_machine import execution_arns, state_machine_arn
from sfn_least_privilege.policy.catalog.integration import (
    SYNC_ONLY,
    ArgumentArn,
    Grant,
    Integration,
    managed_rule,
)
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.value import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call

_ACCOUNT = 4


def _other_accounts(call: Call) -> Iterator[str]:
    """A child that no policy of the role alone can start.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
    """
    own = call.surroundings.deployment.account_id.sample
    for _, leaf in leaves_at("StateMachineArn", call.arguments):
        account = arn.field(as_text(leaf), _ACCOUNT)
        theirs = account.sample if account is not None else None
        if own is not None and theirs is not None and theirs != own:
            yield "the state machine is another account's, which must let a role be assumed: name it in `Credentials`"


INTEGRATIONS = (
    Integration(
        service="states",
        api="startExecution",
        patterns=(Pattern.REQUEST_RESPONSE, Pattern.SYNC, Pattern.SYNC_2, Pattern.CALLBACK),
        grants=(
            Grant(
                ("states:StartExecution",),
                ArgumentArn(
                    "StateMachineArn",
                    "arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{}",
                    form=state_machine_arn,
                ),
            ),
            Grant(
                ("states:DescribeExecution", "states:StopExecution"),
                ArgumentArn(
                    "StateMachineArn",
                    "arn:{Partition}:states:{Region}:{AccountId}:execution:{}:*",
                    form=execution_arns,
                ),
                patterns=SYNC_ONLY,
            ),
            managed_rule("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
        ),
        requires=("StateMachineArn",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
        basis=Basis.DOCUMENTED,
        note="A child named by version or alias is authorised on its unqualified ARN. The colon behind the name "
        "keeps `orders` from covering `orders-old`; CDK leaves it out, the page has it. The result of a child that is "
        "encrypted with a customer's key takes kms:Decrypt as well (catalog/keys.py).",
        notices=_other_accounts,
    ),
)

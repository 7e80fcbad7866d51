"""AWS Step Functions: executions of other state machines."""

from __future__ import annotations

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
        "keeps `orders` from covering `orders-old`; CDK leaves it out, the page has it.",
    ),
)

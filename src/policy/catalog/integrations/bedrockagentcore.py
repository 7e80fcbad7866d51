"""Amazon Bedrock AgentCore: harnesses."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.own_account import own_account_arn_only
from sfn_least_privilege.policy.catalog.integration import REQUEST_RESPONSE, ArgumentArn, Grant, Integration

INTEGRATIONS = (
    Integration(
        service="bedrockagentcore",
        api="invokeHarness",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(
                ("bedrock-agentcore:InvokeHarness", "bedrock-agentcore:InvokeAgentRuntime"),
                ArgumentArn(
                    "HarnessArn",
                    "arn:{Partition}:bedrock-agentcore:{Region}:{AccountId}:harness/{}",
                    form=own_account_arn_only,
                ),
            ),
        ),
        requires=("HarnessArn",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html",
        basis=Basis.DOCUMENTED,
        note="Models and tools are called with the role of the harness.",
    ),
)

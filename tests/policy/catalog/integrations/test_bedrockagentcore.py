from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HARNESS = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:harness/reviewer-a1b2c3d4e5"
ACTIONS = {"bedrock-agentcore:InvokeHarness", "bedrock-agentcore:InvokeAgentRuntime"}


def test_the_harness_is_granted(granted: Callable[..., Any]) -> None:
    role = granted("bedrockagentcore:invokeHarness", {"HarnessArn": HARNESS})
    assert role.actions == ACTIONS
    assert role.on("bedrock-agentcore:InvokeHarness") == HARNESS


def test_a_harness_that_is_not_known_is_one_of_the_own_account(granted: Callable[..., Any]) -> None:
    role = granted(
        "bedrockagentcore:invokeHarness",
        {"HarnessArn": "{% $states.input.harness %}"},
        QueryLanguage="JSONata",
    )
    assert role.on("bedrock-agentcore:InvokeHarness") == "arn:aws:bedrock-agentcore:eu-west-1:123456789012:harness/*"


def test_a_harness_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "bedrockagentcore:invokeHarness",
        {"HarnessArn": {"Fn::GetAtt": ["Reviewer", "Arn"]}},
        {"Reviewer": {"Type": "AWS::BedrockAgentCore::Harness", "Properties": {}}},
    )
    assert role.on("bedrock-agentcore:InvokeHarness") == {"Fn::GetAtt": ["Reviewer", "Arn"]}


def test_patterns(refused: Callable[[str], str]) -> None:
    assert "does not support the pattern .sync" in refused("bedrockagentcore:invokeHarness.sync")

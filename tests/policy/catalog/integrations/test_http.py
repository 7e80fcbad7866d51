from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.pipeline import policy_for

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = literal_deployment("aws", "eu-west-1", "123456789012")
CONNECTION = "arn:aws:events:eu-west-1:123456789012:connection/shop/0a1b2c3d-1111-2222-3333-444455556666"
CALL = {
    "ApiEndpoint": "https://api.example.com/v1/orders",
    "Method": "POST",
    "Authentication": {"ConnectionArn": CONNECTION},
}
INVOKE = "states:InvokeHTTPEndpoint"
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:events!connection"


def condition(**arguments: Any) -> Any:
    """The condition of a call's permission, its arguments in JSONata."""
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {**CALL, **arguments},
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": task}}
    document = policy_for(json.dumps(definition), HERE, "shop").document
    assert document is not None
    (statement,) = (each for each in document["Statement"] if each["Action"] == INVOKE)
    assert statement["Resource"] == "arn:aws:states:eu-west-1:123456789012:stateMachine:shop"
    return statement.get("Condition")


def test_a_call_is_granted_to_its_machine_for_its_method_and_endpoint() -> None:
    assert condition() == {
        "StringEquals": {"states:HTTPMethod": "POST"},
        "StringLike": {"states:HTTPEndpoint": "https://api.example.com/v1/orders"},
    }


@pytest.mark.parametrize(
    ("endpoint", "pattern"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/a*?b=c", "https://api.example.com/a${*}${?}b=c"),
        ("{% 'https://api.example.com/orders/' & $states.input.id %}", "https://api.example.com/orders/*"),
        ("{% 'https://api.example.com/' & $states.input.v & '/orders' %}", "https://api.example.com/*/orders"),
        ("{% 'https://api.example.com:8443/' & $states.input.id %}", "https://api.example.com:8443/*"),
        ("{% 'https://api.example.com?id=' & $states.input.id %}", "https://api.example.com${?}id=*"),
    ],
)
def test_what_is_not_known_stands_open_behind_the_host(endpoint: str, pattern: str) -> None:
    assert condition(ApiEndpoint=endpoint)["StringLike"] == {"states:HTTPEndpoint": pattern}


@pytest.mark.parametrize(
    "endpoint",
    [
        "{% $states.input.url %}",
        # https://api.example.com* would match https://api.example.com.evil.org
        "{% 'https://api.example.com' & $states.input.path %}",
        # https://*.example.com/v1 would match https://evil.org/.example.com/v1
        "{% 'https://' & $states.input.tenant & '.example.com/v1' %}",
        # https://api:*/v1 would match https://api:pass@evil.org/v1
        "{% 'https://api:' & $states.input.port & '/v1' %}",
        "{% 'https://key@' & $states.input.host & '/v1' %}",
    ],
)
def test_an_open_host_makes_no_condition(endpoint: str) -> None:
    assert condition(ApiEndpoint=endpoint) == {"StringEquals": {"states:HTTPMethod": "POST"}}


def test_a_condition_that_is_left_out_is_told(granted: Callable[..., Any]) -> None:
    role = granted("http:invoke", {**CALL, "ApiEndpoint.$": "States.Format('https://api.example.com{}', $.path)"})
    (told,) = (str(each) for each in role.findings if each.rule.id == "SLP308")
    assert "without a condition on states:HTTPEndpoint," in told
    assert "its host is not known to its end" in told


def test_query_parameters_are_no_part_of_the_endpoint() -> None:
    endpoint = condition(QueryParameters={"page": "{% $states.input.page %}"})["StringLike"]
    assert endpoint == {"states:HTTPEndpoint": "https://api.example.com/v1/orders"}


def test_a_method_that_is_not_known_makes_no_condition() -> None:
    assert "StringEquals" not in condition(Method="{% 'P' & $states.input.rest %}")


@pytest.mark.parametrize("field", ["Authentication", "InvocationConfig"])
def test_the_connection_and_its_secret_are_granted(granted: Callable[..., Any], field: str) -> None:
    call = {"ApiEndpoint": "https://api.example.com", "Method": "GET", field: {"ConnectionArn": CONNECTION}}
    role = granted("http:invoke", call)
    assert role.on("events:RetrieveConnectionCredentials") == CONNECTION
    assert role.on("secretsmanager:GetSecretValue") == f"{SECRETS}/shop/*"
    assert role.on("secretsmanager:DescribeSecret") == f"{SECRETS}/shop/*"


def test_a_connection_that_is_not_known_is_one_of_the_own_account(granted: Callable[..., Any]) -> None:
    role = granted("http:invoke", {**CALL, "Authentication": {"ConnectionArn.$": "$.connection"}})
    assert role.on("events:RetrieveConnectionCredentials") == "arn:aws:events:eu-west-1:123456789012:connection/*"
    assert role.on("secretsmanager:GetSecretValue") == f"{SECRETS}/*"


def test_a_connection_whose_id_is_not_known_shows_its_secret_all_the_same(granted: Callable[..., Any]) -> None:
    arn = "States.Format('arn:aws:events:eu-west-1:123456789012:connection/shop/{}', $.id)"
    role = granted("http:invoke", {**CALL, "Authentication": {"ConnectionArn.$": arn}})
    assert role.on("secretsmanager:GetSecretValue") == f"{SECRETS}/shop/*"


def test_what_is_no_connection_shows_no_secret(granted: Callable[..., Any]) -> None:
    role = granted("http:invoke", {**CALL, "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:1:rule/x"}})
    assert role.on("secretsmanager:GetSecretValue").endswith("secret:events!connection/*")
    assert "SLP304" in role.told()


@pytest.mark.parametrize("reference", [{"Fn::GetAtt": ["Shop", "Arn"]}, {"Ref": "Shop"}])
def test_a_connection_of_the_template_has_its_own_secret(
    granted_beside: Callable[..., Any],
    reference: dict[str, Any],
) -> None:
    role = granted_beside(
        "http:invoke",
        {**CALL, "Authentication": {"ConnectionArn": reference}},
        {"Shop": {"Type": "AWS::Events::Connection", "Properties": {}}},
    )
    assert role.on("events:RetrieveConnectionCredentials") == {"Fn::GetAtt": ["Shop", "Arn"]}
    assert role.on("secretsmanager:GetSecretValue") == {"Fn::GetAtt": ["Shop", "SecretArn"]}


def test_cloudformation_takes_the_name_out_of_a_parameter(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "http:invoke",
        {**CALL, "Authentication": {"ConnectionArn": {"Ref": "Shop"}}},
        {},
        Parameters={"Shop": {"Type": "String", "Default": CONNECTION}},
    )
    assert role.on("events:RetrieveConnectionCredentials") == {"Ref": "Shop"}
    name = role.on("secretsmanager:GetSecretValue")["Fn::Sub"][1]
    assert list(name.values()) == [{"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Shop"}]}]}]


def test_patterns(refused: Callable[[str], str]) -> None:
    assert "does not support the pattern .waitForTaskToken" in refused("http:invoke.waitForTaskToken")

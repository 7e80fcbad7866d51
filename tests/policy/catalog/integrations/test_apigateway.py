from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SHOP = {"ApiEndpoint": "abc123.execute-api.eu-west-1.amazonaws.com", "Method": "GET"}
SIGNED = {**SHOP, "AuthType": "IAM_ROLE"}
API = "arn:aws:execute-api:eu-west-1:123456789012:abc123"


@pytest.mark.parametrize("auth", [{}, {"AuthType": "NO_AUTH"}, {"AuthType": "RESOURCE_POLICY"}])
def test_a_call_that_is_not_signed_needs_nothing(granted: Callable[..., Any], auth: dict[str, str]) -> None:
    assert granted("apigateway:invoke", {**SHOP, "Stage": "prod", **auth}).statements == []


def test_a_resource_policy_is_the_business_of_the_api(granted: Callable[..., Any]) -> None:
    role = granted("apigateway:invoke", {**SHOP, "AuthType": "RESOURCE_POLICY"})
    assert role.told() == ["SLP340"]


@pytest.mark.parametrize(
    ("arguments", "resource"),
    [
        ({"Stage": "prod", "Path": "orders/open"}, f"{API}/prod/GET/orders/open"),
        ({"Stage": "prod", "Path": "/orders/open"}, f"{API}/prod/GET/orders/open"),
        ({"Stage": "prod"}, f"{API}/prod/GET/"),
        ({"Path": "orders/open"}, [f"{API}/$default/GET/orders/open", f"{API}/orders/GET/open"]),
        ({"Path": "/dev"}, [f"{API}/$default/GET/dev", f"{API}/dev/GET/"]),
        ({}, f"{API}/$default/GET/"),
        ({"Stage": "prod", "Path": "pets/{id}/toys"}, f"{API}/prod/GET/pets/*/toys"),
        ({"Stage": "prod", "Path": "pets?page=2"}, f"{API}/prod/GET/pets*"),
    ],
)
def test_a_signed_call_is_for_its_stage_method_and_path(
    granted: Callable[..., Any],
    arguments: dict[str, str],
    resource: Any,
) -> None:
    assert granted("apigateway:invoke", {**SIGNED, **arguments}).on("execute-api:Invoke") == resource


@pytest.mark.parametrize(
    ("arguments", "resource"),
    [
        ({"Stage.$": "$.stage", "Path": "orders"}, f"{API}/*/GET/orders"),
        ({"Stage": "prod", "Path.$": "States.Format('orders/{}', $.id)"}, f"{API}/prod/GET/orders/*"),
        ({"Stage": "prod", "Path": "orders", "Method.$": "$.verb"}, f"{API}/prod/*/orders"),
        (
            {"Stage": "prod", "ApiEndpoint.$": "States.Format('{}.execute-api.us-east-1.amazonaws.com', $.api)"},
            "arn:aws:execute-api:us-east-1:123456789012:*/prod/GET/",
        ),
        (
            {"Stage": "prod", "ApiEndpoint.$": "States.Format('abc123.execute-api.{}.amazonaws.com', $.region)"},
            "arn:aws:execute-api:*:123456789012:abc123/prod/GET/",
        ),
    ],
)
def test_only_the_part_that_is_not_known_is_open(
    granted: Callable[..., Any],
    arguments: dict[str, str],
    resource: str,
) -> None:
    open_names = {name.removesuffix(".$") for name in arguments if name.endswith(".$")}
    known = {name: value for name, value in SIGNED.items() if name not in open_names}
    assert granted("apigateway:invoke", {**known, **arguments}).on("execute-api:Invoke") == resource


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("AWS::ApiGateway::RestApi", "${Shop}/dev/GET/pets"),
        ("AWS::Serverless::Api", "${Shop}/dev/GET/pets"),
        ("AWS::ApiGatewayV2::Api", "${Shop}/$default/GET/dev/pets"),
        ("AWS::Serverless::HttpApi", "${Shop}/$default/GET/dev/pets"),
    ],
)
def test_without_a_stage_the_kind_of_the_api_says_where_it_is(
    granted_beside: Callable[..., Any],
    kind: str,
    end: str,
) -> None:
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "ApiEndpoint": {"Fn::Sub": "${Shop}.execute-api.eu-west-1.amazonaws.com"}, "Path": "dev/pets"},
        {"Shop": {"Type": kind, "Properties": {}}},
    )
    assert role.on("execute-api:Invoke")["Fn::Sub"].endswith(f":{end}")


def test_a_rest_api_whose_stage_nothing_shows_is_open_there(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "ApiEndpoint": {"Fn::Sub": "${Shop}.execute-api.eu-west-1.amazonaws.com"}, "Path.$": "$.path"},
        {"Shop": {"Type": "AWS::ApiGateway::RestApi", "Properties": {}}},
    )
    assert role.on("execute-api:Invoke")["Fn::Sub"].endswith(":${Shop}/*/GET/*")
    assert "SLP304" in role.told()


@pytest.mark.parametrize("path", ["/@connections/{}", "@connections/{}"])
def test_a_message_to_a_websocket_manages_connections(granted: Callable[..., Any], path: str) -> None:
    arguments = {**SIGNED, "Stage": "dev", "Method": "POST", "Path.$": f"States.Format('{path}', $.connectionId)"}
    role = granted("apigateway:invoke", arguments)
    assert role.on("execute-api:ManageConnections") == f"{API}/dev/POST/@connections/*"
    assert role.on("execute-api:Invoke") is None


def test_very_many_combinations_leave_the_longest_argument_open(granted: Callable[..., Any]) -> None:
    stages = " : ".join(f"$states.input.x = {number} ? 's{number}'" for number in range(30))
    verbs = " : ".join(f"$states.input.x = {number} ? 'V{number}'" for number in range(3))
    arguments = {**SIGNED, "Stage": f"{{% {stages} : 'prod' %}}", "Method": f"{{% {verbs} : 'GET' %}}"}
    resources = granted("apigateway:invoke", arguments, QueryLanguage="JSONata").on("execute-api:Invoke")
    assert resources == [f"{API}/*/{verb}/" for verb in ("V0", "V1", "V2", "GET")]


def test_a_call_that_may_be_signed_is_granted(granted: Callable[..., Any]) -> None:
    role = granted(
        "apigateway:invoke",
        {**SHOP, "Stage": "prod", "AuthType": "{% $states.input.auth %}"},
        QueryLanguage="JSONata",
    )
    assert role.on("execute-api:Invoke") == f"{API}/prod/GET/"


@pytest.mark.parametrize(
    ("host", "region_and_api"),
    [
        ("abc123.execute-api.cn-north-1.amazonaws.com.cn", "cn-north-1:123456789012:abc123"),
        ("https://abc123.execute-api.eu-west-1.amazonaws.com", "eu-west-1:123456789012:abc123"),
        ("abc123-vpce-0a1b2c.execute-api.eu-west-1.amazonaws.com", "eu-west-1:123456789012:abc123"),
        ("api.example.com", "eu-west-1:123456789012:*"),
    ],
)
def test_the_host_shows_api_and_region(granted: Callable[..., Any], host: str, region_and_api: str) -> None:
    role = granted("apigateway:invoke", {**SIGNED, "ApiEndpoint": host, "Stage": "prod"})
    assert role.on("execute-api:Invoke") == f"arn:aws:execute-api:{region_and_api}/prod/GET/"


def test_a_host_that_does_not_show_its_api_is_told(granted: Callable[..., Any]) -> None:
    assert granted("apigateway:invoke", {**SIGNED, "ApiEndpoint": "api.example.com"}).told() == ["SLP304"]


@pytest.mark.parametrize(
    "kind",
    ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Serverless::Api", "AWS::Serverless::HttpApi"],
)
def test_an_api_of_the_template_is_referred_to(granted_beside: Callable[..., Any], kind: str) -> None:
    host = {"Fn::Sub": "${Shop}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "ApiEndpoint": host, "Stage": "prod", "Path": "orders"},
        {"Shop": {"Type": kind, "Properties": {}}},
    )
    assert role.on("execute-api:Invoke") == {
        "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/prod/GET/orders",
    }


def test_cloudformation_takes_api_and_region_out_of_a_parameter(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "ApiEndpoint": {"Ref": "Host"}, "Stage": "prod"},
        {},
        Parameters={"Host": {"Type": "String", "Default": SHOP["ApiEndpoint"]}},
    )
    _, names = role.on("execute-api:Invoke")["Fn::Sub"]
    assert [name["Fn::Select"][0] for name in names.values()] == [2, 0]
    assert role.told() == []


def test_the_url_of_an_api_of_the_template_shows_it(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "ApiEndpoint": {"Fn::GetAtt": ["Shop", "ApiEndpoint"]}, "Path": ""},
        {"Shop": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}}},
    )
    assert role.on("execute-api:Invoke") == {
        "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/$default/GET/",
    }


@pytest.mark.parametrize(
    ("path", "end"),
    [("orders", "/prod/GET/${Path}"), ("/orders", "/prod/GET${Path}"), ("orders/{id}", "/prod/GET/*")],
)
def test_a_path_from_a_parameter_begins_with_one_slash(
    granted_beside: Callable[..., Any],
    path: str,
    end: str,
) -> None:
    role = granted_beside(
        "apigateway:invoke",
        {**SIGNED, "Stage": "prod", "Path": {"Ref": "Path"}},
        {},
        Parameters={"Path": {"Type": "String", "Default": path}},
    )
    assert role.on("execute-api:Invoke")["Fn::Sub"].endswith(end)


def test_patterns(refused: Callable[[str], str]) -> None:
    assert "does not support the pattern .sync" in refused("apigateway:invoke.sync")

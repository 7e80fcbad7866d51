"""Who may assume the role."""

from typing import Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment, template_deployment
from sfn_least_privilege.policy.iam.trust import trust_policy
from sfn_least_privilege.policy.text import Reference, Text

DEPLOYMENT = template_deployment("eu-west-1", "111122223333")
SOURCE = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:"


def statement(*names: Text) -> dict[str, Any]:
    (only,) = trust_policy(names, DEPLOYMENT)["Statement"]
    assert isinstance(only, dict)
    return only


def test_step_functions_alone_may_assume_it() -> None:
    only = statement(Text.of("orders"))
    assert (only["Effect"], only["Principal"], only["Action"]) == (
        "Allow",
        {"Service": "states.amazonaws.com"},
        "sts:AssumeRole",
    )


def test_only_on_behalf_of_this_account() -> None:
    assert statement()["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


@pytest.mark.parametrize(
    ("name", "machine"),
    [
        (Text.of("orders"), "orders"),
        (None, "*"),
        (Text.of(Reference("Ref", "MachineName", sample="orders")), "${MachineName}"),
        (Text.of("orders-", Reference("Ref", "AWS::StackName")), "orders-${AWS::StackName}"),
    ],
)
def test_only_on_behalf_of_this_machine_where_its_name_is_known(name: Text | None, machine: str) -> None:
    assert statement(*([] if name is None else [name]))["Condition"]["ArnLike"] == {
        "aws:SourceArn": {"Fn::Sub": SOURCE + machine}
    }


def test_a_star_in_a_name_is_no_wildcard() -> None:
    condition = statement(Text.of("*"))["Condition"]["ArnLike"]["aws:SourceArn"]
    assert condition == {
        "Fn::Sub": [SOURCE.removesuffix(":stateMachine:") + "${Value1}", {"Value1": ":stateMachine:${*}"}]
    }


def test_written_out() -> None:
    (only,) = trust_policy([Text.of("orders")], literal_deployment("aws", "eu-west-1", "111122223333"))["Statement"]
    assert only["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"},
    }


def test_a_machine_whose_name_a_template_condition_chooses_may_have_either() -> None:
    condition = statement(Text.of("orders"), Text.of("orders-test"))["Condition"]["ArnLike"]
    assert condition == {"aws:SourceArn": [{"Fn::Sub": SOURCE + "orders"}, {"Fn::Sub": SOURCE + "orders-test"}]}

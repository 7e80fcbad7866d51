"""Names that the catalogue does not have."""

from __future__ import annotations

import pytest
from sdk_calls import ask

from sfn_least_privilege.policy.findings import Severity, Topic
from sfn_least_privilege.policy.needs.sdk.uncatalogued import is_slip


def test_an_operation_that_may_be_new_is_granted_by_convention_with_a_warning() -> None:
    answer = ask("dynamodb:describeTableWeather", {})

    assert (answer.granted, answer.told) == ([("dynamodb:DescribeTableWeather", "*")], ["SLP322"])
    assert answer.findings[0].severity is Severity.WARNING
    assert answer.findings[0].rule.topic is Topic.UNKNOWN


def test_the_convention_knows_the_prefix_of_the_service() -> None:
    assert ask("sfn:paintStateMachine", {}).granted == [("states:PaintStateMachine", "*")]


def test_a_service_that_may_be_new_is_granted_by_convention_with_a_warning() -> None:
    answer = ask("weather:makeRain", {})

    assert (answer.granted, answer.told) == ([("weather:MakeRain", "*")], ["SLP322"])


def test_a_misspelt_operation_is_an_error_that_names_the_right_one() -> None:
    answer = ask("s3:getObjct", {"Bucket": "b", "Key": "k"})

    assert (answer.needs, answer.told) == ((), ["SLP321"])
    assert "did you mean `getObject`?" in answer.detail("SLP321")
    assert answer.findings[0].severity is Severity.ERROR


def test_a_misspelt_service_is_an_error_that_names_the_right_one() -> None:
    answer = ask("dynamdb:getItem", {})

    assert (answer.needs, answer.told) == ((), ["SLP320"])
    assert "did you mean `aws-sdk:dynamodb:getItem`?" in answer.detail("SLP320")


@pytest.mark.parametrize("api", ["iam:passRole", "s3:bypassGovernanceRetention", "lambda:invokeFunctionUrl"])
def test_a_permission_is_not_to_be_had_by_calling_it(api: str) -> None:
    answer = ask(api, {})

    assert (answer.needs, answer.told) == ((), ["SLP333"])
    assert answer.findings[0].severity is Severity.ERROR


def test_an_operation_of_a_sibling_is_an_error_that_names_the_sibling() -> None:
    answer = ask("s3:createJob", {})

    assert (answer.needs, answer.told) == ((), ["SLP333"])
    assert "did you mean `aws-sdk:s3control:createJob`?" in answer.detail("SLP333")


@pytest.mark.parametrize(
    ("name", "meant"), [("logs", "cloudwatchlogs"), ("stepfunctions", "sfn"), ("events", "eventbridge")]
)
def test_the_name_of_another_sdk_is_an_error_that_says_the_right_one(name: str, meant: str) -> None:
    answer = ask(f"{name}:doIt", {})

    assert (answer.needs, answer.told) == ((), ["SLP320"])
    assert f"`aws-sdk:{meant}:doIt`" in answer.detail("SLP320")


def test_a_retired_service_is_granted_by_convention_and_called_what_it_is() -> None:
    answer = ask("qldb:describeLedger", {"Name": "orders"})

    assert (answer.granted, answer.told) == ([("qldb:DescribeLedger", "*")], ["SLP332"])


def test_a_service_without_iam_has_no_action_to_grant() -> None:
    assert ask("codecatalyst:paintSpace", {}).told == ["SLP330"]


def test_names_of_any_length_and_kind_are_answered() -> None:
    for name in ("x" * 50_000, "..", "../../etc/passwd", "é", "_sources"):
        told = "SLP322" if name.startswith("x") else "SLP321"
        assert ask(f"s3:{name.replace('.', '') or '-'}", {}).told == [told]
    assert ask("é:getObject", {}).told == ["SLP320"]
    assert ask("_sources:getObject", {}).told == ["SLP320"]


@pytest.mark.parametrize(
    ("written", "known"),
    [("listTabels", "ListTables"), ("getItm", "GetItem"), ("getItems", "GetItem"), ("descrbieTable", "DescribeTable")],
)
def test_a_letter_or_two_are_a_slip(written: str, known: str) -> None:
    # What goes on where the known name ends may be a new operation.
    assert is_slip(written, known) is not written.lower().startswith(known.lower())


@pytest.mark.parametrize(
    ("written", "known"),
    [("listTablesV2", "ListTables"), ("createTableReplica", "CreateTable"), ("getFindingsV3", "GetFindingsV2")],
)
def test_another_version_or_more_words_are_no_slip(written: str, known: str) -> None:
    assert not is_slip(written, known)

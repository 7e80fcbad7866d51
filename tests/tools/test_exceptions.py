"""Exceptions, written for people, as grants of the catalogue."""

from __future__ import annotations

from typing import Any

from sdk_catalogue.exceptions import Grants, catalogue_template, grants_of
from sdk_catalogue.facts import Facts, read
from sdk_catalogue.sources import Operation

CONDITIONS = {"when": {"always": "", "A or B": "A/B"}, "told": {"own key": "it is encrypted"}, "placeholders": {}}


def grants(row: dict[str, Any] | None, by_hand: dict[str, Any] | None = None) -> Grants:
    facts = Facts(
        services=(),
        exceptions={"svc:DoIt": row} if row is not None else {},
        operations={"svc:DoIt": by_hand} if by_hand is not None else {},
        conditions=CONDITIONS,
        bindings={},
    )
    return grants_of("svc:DoIt", "svc:DoIt", Operation("DoIt", ("A", "Role"), frozenset(), ()), facts)


def test_without_an_exception_it_is_the_action_of_the_same_name_on_its_own_types() -> None:
    assert grants(None) == Grants(do=[("svc:DoIt", None)])


def test_renamed_and_split_actions_are_always_granted() -> None:
    row = {"kind": "split", "actions": ["svc:A", "svc:B"], "resource": {"svc:A": "*", "svc:B": "{A}"}, "source": "x"}

    assert grants(row).do == [("svc:A", "*"), ("svc:B", "{A}")]


def test_a_condition_in_words_becomes_one_of_the_catalogue() -> None:
    row = {
        "kind": "conditional",
        "actions": ["svc:DoIt"],
        "resource": "*",
        "optional": [
            {"action": "svc:One", "if": "always", "resource": "*"},
            {"action": "svc:Two", "if": "A or B", "resource": "*"},
            {"action": "svc:Three", "if": "A", "resource": "*"},
            {"action": "kms:Decrypt", "if": "own key", "resource": "*"},
        ],
        "source": "x",
    }
    found = grants(row)

    # The operation has no member B.
    assert found.also == [("svc:One", "", "*"), ("svc:Two", "A", "*"), ("svc:Three", "A", "*")]
    assert found.told == [("kms:Decrypt", "it is encrypted", "")]


def test_a_role_is_passed_once_however_often_it_is_said() -> None:
    row = {
        "kind": "additional",
        "actions": ["svc:DoIt", "iam:PassRole"],
        "resource": {"svc:DoIt": "*", "iam:PassRole": "{Role}"},
        "pass_role": [{"member": "Role", "passed_to": "svc.amazonaws.com"}],
        "source": "x",
    }
    found = grants(row)

    assert (found.do, found.roles) == ([("svc:DoIt", "*")], [("Role", "svc.amazonaws.com")])


def test_what_is_written_by_hand_goes_before_the_exception() -> None:
    row = {"kind": "renamed", "actions": ["svc:Other"], "resource": "*", "source": "curated"}
    found = grants(row, {"do": [["svc:A,svc:B", "*"]], "also": [["svc:C", "A", "*"]]})

    assert (found.do, found.also, found.basis) == ([("svc:A", "*"), ("svc:B", "*")], [("svc:C", "A", "*")], "curated")


def test_an_assumed_action_stays_marked() -> None:
    row = {"kind": "assumed", "actions": ["svc:DoIt"], "resource": None, "source": "not in any catalogue read"}

    assert grants(row).basis == "assumed"


def test_templates_say_in_which_form_a_value_names_its_resource() -> None:
    assert catalogue_template("arn:${Partition}:s3:::{Bucket}/{Key}") == "arn:{Partition}:s3:::{Bucket|bucket}/{Key}"
    assert catalogue_template("arn:${Partition}:secretsmanager:${Region}:${Account}:secret:{SecretId}").endswith(
        ":secret:{SecretId|secret}"
    )


def test_every_fact_written_by_hand_is_of_an_operation_that_there_is() -> None:
    facts = read()
    known = {service.botocore for service in facts.services}

    assert {key.partition(":")[0] for key in facts.operations if key != "_"} <= known
    # The same service as pinpoint-sms-voice, under its older name.
    assert {key.partition(":")[0] for key in facts.exceptions} - known == {"sms-voice"}

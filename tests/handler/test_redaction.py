from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.handler.event import MacroEvent, read_event
from sfn_least_privilege.handler.redaction import Redaction, redaction_for
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding

RULE = Rule("SLP297", Severity.WARNING, "Title", "it is {what}", "Help.")


def redaction(event: dict[str, Any], **parameters: tuple[object, object]) -> Redaction:
    """The redaction of an event with these parameters: what ``NoEcho`` says, and the value."""
    event["fragment"]["Parameters"] = {
        name: {"Type": "String", "NoEcho": no_echo} for name, (no_echo, _) in parameters.items()
    }
    event["templateParameterValues"] = {name: value for name, (_, value) in parameters.items()}
    read = read_event(event)
    assert isinstance(read, MacroEvent)
    return redaction_for(read)


@pytest.mark.parametrize("no_echo", [True, "true", "True"])
def test_the_value_of_a_no_echo_parameter_is_masked(event: dict[str, Any], no_echo: object) -> None:
    assert redaction(event, Secret=(no_echo, "hunter2")).text("a hunter2 b hunter2") == "a **** b ****"


@pytest.mark.parametrize("no_echo", [False, "false", None])
def test_other_values_are_told(event: dict[str, Any], no_echo: object) -> None:
    assert redaction(event, Stage=(no_echo, "hunter2")).text("hunter2") == "hunter2"


def test_every_item_of_a_list_is_masked(event: dict[str, Any]) -> None:
    assert redaction(event, Secrets=(True, ["alpha", "alphabet"])).text("alphabet, alpha") == "****, ****"


def test_a_value_is_taken_literally(event: dict[str, Any]) -> None:
    assert redaction(event, Secret=(True, "a.c*")).text("abcc a.c*") == "abcc ****"


@pytest.mark.parametrize("value", ["", "a", "abc"])
def test_what_is_too_short_for_a_secret_is_left_readable(event: dict[str, Any], value: str) -> None:
    assert redaction(event, Secret=(True, value)).text("abc") == "abc"


def test_findings_are_masked_where_they_quote(event: dict[str, Any]) -> None:
    quoting = finding(RULE, Location("Machine", ("To hunter2",)), what="hunter2")

    [masked] = redaction(event, Secret=(True, "hunter2")).findings((quoting,))

    assert masked == finding(RULE, Location("Machine", ("To ****",)), what="****")


@pytest.mark.parametrize("parameters", [None, [], {"Secret": None}, {"Secret": []}, {}])
def test_malformed_declarations_do_no_harm(event: dict[str, Any], parameters: object) -> None:
    event["fragment"]["Parameters"] = parameters
    event["templateParameterValues"] = {"Secret": "hunter2"}
    read = read_event(event)
    assert isinstance(read, MacroEvent)

    assert redaction_for(read).text("hunter2") == "hunter2"

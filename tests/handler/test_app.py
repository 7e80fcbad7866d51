from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.handler import response, telemetry
from sfn_least_privilege.handler.app import lambda_handler
from sfn_least_privilege.handler.s3_definitions import S3Definitions
from sfn_least_privilege.policy import pipeline
from sfn_least_privilege.policy.errors import DefinitionUnavailableError, TransformFailedError
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding
from sfn_least_privilege.policy.pipeline import Outcome, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Engine, Output

BROKEN = Rule("SLP299", Severity.ERROR, "Broken state", "the state is {how}", "Mend it.")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def unchanged(fragment: Mapping[str, Any], _: Request) -> Outcome:
    return Outcome(dict(fragment), (), machines=0, roles={})


def test_success_answers_the_processed_fragment(event: dict[str, Any], engine: Callable[[Engine], None]) -> None:
    engine(lambda fragment, _: Outcome({**fragment, "Description": "processed"}, (), 1, {"Machine": "MachineRole"}))

    assert lambda_handler(event, None) == {
        "requestId": event["requestId"],
        "status": "success",
        "fragment": {**event["fragment"], "Description": "processed"},
    }


def test_the_engine_is_told_everything_it_may_know(event: dict[str, Any], engine: Callable[[Engine], None]) -> None:
    event["params"] = {"Mode": "Augment"}
    event["templateParameterValues"] = {"Stage": "prod"}
    asked: list[Request] = []

    def transform(fragment: Mapping[str, Any], request: Request) -> Outcome:
        asked.append(request)
        return unchanged(fragment, request)

    engine(transform)
    lambda_handler(event, None)

    assert asked == [
        Request(
            definitions=S3Definitions("eu-west-1"),
            region="eu-west-1",
            account_id="111111111111",
            parameter_values={"Stage": "prod"},
            options={"Mode": "Augment"},
        )
    ]


def test_several_findings_are_reported_together(event: dict[str, Any], engine: Callable[[Engine], None]) -> None:
    def transform(*_: object) -> Outcome:
        raise TransformFailedError(
            (
                finding(BROKEN, Location("Machine", ("Outer", "Inner")), how="bent"),
                finding(BROKEN, Location("Other"), how="lost"),
            )
        )

    engine(transform)
    before = copy.deepcopy(event)

    assert lambda_handler(event, None) == {
        "requestId": event["requestId"],
        "status": "failure",
        "fragment": before["fragment"],
        "errorMessage": "SLP299 Machine / Outer > Inner: the state is bent\nSLP299 Other: the state is lost",
    }


def test_any_other_error_of_the_project_is_told_as_it_is(
    event: dict[str, Any], engine: Callable[[Engine], None]
) -> None:
    def transform(*_: object) -> Outcome:
        message = "The definition is not to be had."
        raise DefinitionUnavailableError(message)

    engine(transform)

    assert lambda_handler(event, None)["errorMessage"] == "The definition is not to be had."


def test_an_invalid_event_fails_with_every_problem(event: dict[str, Any]) -> None:
    del event["region"]
    event["params"] = 5

    answer = lambda_handler(event, None)

    assert answer["status"] == "failure"
    assert answer["errorMessage"].splitlines() == [
        "The event has no region.",
        "The event's params must be an object, but it is a number.",
    ]


@pytest.mark.parametrize(
    "error",
    [RuntimeError("secret"), RecursionError("secret"), MemoryError("secret"), NotImplementedError(), KeyError("a")],
    ids=lambda error: type(error).__name__,
)
def test_an_internal_error_is_a_failure_that_names_request_and_log_group(
    event: dict[str, Any], engine: Callable[[Engine], None], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_GROUP_NAME", "/the/log")

    def transform(*_: object) -> Outcome:
        raise error

    engine(transform)
    answer = lambda_handler(event, None)

    assert answer["status"] == "failure"
    assert answer["fragment"] is event["fragment"]
    assert event["requestId"] in answer["errorMessage"]
    assert "/the/log" in answer["errorMessage"]
    assert type(error).__name__ in answer["errorMessage"]
    assert "secret" not in answer["errorMessage"]


def test_runaway_recursion_in_the_engine_is_a_failure(event: dict[str, Any], engine: Callable[[Engine], None]) -> None:
    def transform(fragment: Mapping[str, Any], request: Request) -> Outcome:
        return transform(fragment, request)

    engine(transform)

    assert lambda_handler(event, None)["errorMessage"].startswith("Internal error (RecursionError)")


@given(event=JSON | st.dictionaries(st.sampled_from(["requestId", "fragment", "region", "params"]), JSON))
def test_whatever_comes_in_gets_an_answer(event: object) -> None:
    answer = lambda_handler(event, object())

    assert answer["status"] == "failure"
    assert answer["errorMessage"]
    assert isinstance(answer["requestId"], str)


@pytest.mark.parametrize("event", [None, object(), b"event", 5, "text", [], {}], ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("context", [None, object(), 7], ids=["none", "object", "number"])
def test_values_that_are_no_json_get_an_answer(event: object, context: object) -> None:
    assert lambda_handler(event, context)["status"] == "failure"


@pytest.mark.parametrize("broken", ["logger", "metrics"])
def test_broken_telemetry_changes_nothing(
    event: dict[str, Any], engine: Callable[[Engine], None], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    engine(unchanged)
    expected = lambda_handler(event, None)

    monkeypatch.setattr(telemetry, broken, None)

    assert lambda_handler(event, None) == expected
    assert lambda_handler(None, None)["status"] == "failure"


def test_the_answer_is_json(event: dict[str, Any], engine: Callable[[Engine], None]) -> None:
    engine(unchanged)

    answer = lambda_handler(event, None)

    assert json.loads(json.dumps(answer)) == answer


def test_a_long_list_of_findings_is_bounded_and_the_log_has_the_rest(
    event: dict[str, Any], engine: Callable[[Engine], None], output: Callable[[], Output]
) -> None:
    def transform(*_: object) -> Outcome:
        raise TransformFailedError(
            tuple(finding(BROKEN, Location("Machine", (f"State{n}",)), how="bent") for n in range(500))
        )

    engine(transform)
    answer = lambda_handler(event, None)

    assert len(answer["errorMessage"]) <= response.MAX_ERROR_MESSAGE
    assert "more, see the log" in answer["errorMessage"].splitlines()[-1]
    assert sum(entry.get("rule") == "SLP299" for entry in output().logs) == 500


def test_the_engine_in_use_is_the_real_one() -> None:
    assert pipeline.transform.__module__ == "sfn_least_privilege.policy.pipeline"

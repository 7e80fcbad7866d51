from __future__ import annotations

import builtins
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Tracer

from sfn_least_privilege.handler import telemetry
from sfn_least_privilege.handler.app import lambda_handler
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding
from sfn_least_privilege.policy.pipeline import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Engine, Output

    from sfn_least_privilege.policy.pipeline import Request

SECRET = "n0-Ech0-s3cret"  # noqa: S105 - what must not be found in any output
BROKEN = Rule("SLP298", Severity.ERROR, "Broken state", "the state is broken", "Mend it.")
STAR = Rule("SLP398", Severity.WARNING, "Resource not known", "{what} becomes *", "Name it.")
NOTE = Rule("SLP498", Severity.INFO, "Role made", "a role was made", "")
FINDINGS = (
    finding(STAR, Location("Machine", ("Outer", "Inner")), what="the queue"),
    finding(NOTE, Location("Machine")),
)


def outcome_of(fragment: Mapping[str, Any], _: Request) -> Outcome:
    return Outcome(dict(fragment), FINDINGS, machines=3, roles={"Machine": "MachineRole"})


def failing(*_: object) -> Outcome:
    raise TransformFailedError((finding(BROKEN, Location("Machine")),))


def crashing_on_a_value(fragment: Mapping[str, Any], request: Request) -> Outcome:
    values = [*request.parameter_values.values(), *request.options.values(), json.dumps(fragment)]
    raise RuntimeError(values) from ValueError(values)


@pytest.fixture
def run(
    event: dict[str, Any], engine: Callable[[Engine], None], output: Callable[[], Output]
) -> Callable[[Engine], Output]:
    """Run the handler with this engine on the event and tell what it wrote."""

    def invoke(transform: Engine) -> Output:
        engine(transform)
        lambda_handler(event, SimpleNamespace(aws_request_id="c6af9ac6"))
        return output()

    return invoke


def test_findings_are_structured_entries(run: Callable[[Engine], Output]) -> None:
    warning, info, _ = run(outcome_of).logs

    assert {key: warning[key] for key in ("level", "message", "rule", "severity", "resource", "state", "detail")} == {
        "level": "WARNING",
        "message": "Resource not known",
        "rule": "SLP398",
        "severity": "warning",
        "resource": "Machine",
        "state": "Outer > Inner",
        "detail": "the queue becomes *",
    }
    assert (info["level"], info["rule"], info["state"]) == ("INFO", "SLP498", "")


def test_a_transform_is_summed_up(run: Callable[[Engine], Output]) -> None:
    summary = run(outcome_of).logs[-1]

    assert (summary["message"], summary["machines"]) == ("Template transformed", 3)
    assert summary["roles"] == {"Machine": "MachineRole"}
    assert summary["milliseconds"] >= 0


def test_every_entry_carries_the_ids_of_its_invocation(
    event: dict[str, Any], run: Callable[[Engine], Output], output: Callable[[], Output]
) -> None:
    entries = run(failing).logs

    assert {entry["correlation_id"] for entry in entries} == {event["requestId"]}
    assert {entry["function_request_id"] for entry in entries} == {"c6af9ac6"}
    assert {entry["transform_id"] for entry in entries} == {event["transformId"]}
    assert {entry["service"] for entry in entries} == {"sfn-least-privilege"}

    lambda_handler(None, None)

    assert not any("correlation_id" in entry for entry in output().logs)


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (outcome_of, {"Machines": 3, "Roles": 1, "Failures": 0, "Errors": 0, "Warnings": 1, "Notes": 1}),
        (failing, {"Failures": 1, "Errors": 1, "Warnings": 0, "Notes": 0}),
        (crashing_on_a_value, {"Failures": 1, "InternalErrors": 1, "Errors": 0, "Warnings": 0, "Notes": 0}),
    ],
    ids=["success", "failure", "internal error"],
)
def test_metrics(run: Callable[[Engine], Output], transform: Engine, expected: dict[str, float]) -> None:
    metrics = run(transform).metrics

    assert metrics.pop("Duration") >= 0
    assert metrics == expected


def test_metrics_have_a_namespace_and_a_service(run: Callable[[Engine], Output]) -> None:
    [emf] = [line for line in run(outcome_of).lines if "_aws" in line]

    assert emf["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "SfnLeastPrivilege"
    assert emf["service"] == "sfn-least-privilege"


def test_one_invocation_counts_nothing_of_another(run: Callable[[Engine], Output]) -> None:
    run(crashing_on_a_value)

    assert "InternalErrors" not in run(outcome_of).metrics


def test_an_internal_error_is_logged_by_type_and_place(run: Callable[[Engine], Output]) -> None:
    [entry] = run(crashing_on_a_value).logs

    assert (entry["level"], entry["message"], entry["error"]) == ("ERROR", "Internal error", "RuntimeError")
    assert entry["causes"] == ["ValueError"]
    assert entry["traceback"][-1].endswith(" crashing_on_a_value")


def test_the_traceback_of_runaway_recursion_is_bounded(run: Callable[[Engine], Output]) -> None:
    def endless(fragment: Mapping[str, Any], request: Request) -> Outcome:
        return endless(fragment, request)

    [entry] = run(endless).logs

    assert entry["error"] == "RecursionError"
    assert len(entry["traceback"]) <= 40


@pytest.mark.parametrize("transform", [outcome_of, failing, crashing_on_a_value])
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_secrets_are_never_written(
    event: dict[str, Any],
    run: Callable[[Engine], Output],
    monkeypatch: pytest.MonkeyPatch,
    transform: Engine,
    level: str,
) -> None:
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    telemetry.logger.setLevel(level)
    event["templateParameterValues"] = {"Password": SECRET, "List": [SECRET]}
    event["params"] = {"Token": SECRET}
    event["fragment"]["Metadata"] = {"Hidden": SECRET}

    written = run(transform).text

    assert written
    assert SECRET not in written


@pytest.mark.parametrize(
    "spoil",
    [
        lambda event: event.pop("region"),
        lambda event: event.update(params=SECRET),
        lambda event: event.update(templateParameterValues={"Password": {"value": SECRET}}),
        lambda event: event.update(fragment={"Password": SECRET}),
        lambda event: event.update(fragment=SECRET),
    ],
)
def test_secrets_of_an_invalid_event_are_not_written(
    event: dict[str, Any], output: Callable[[], Output], spoil: Callable[[dict[str, Any]], object]
) -> None:
    event["templateParameterValues"] = {"Password": SECRET}
    spoil(event)

    answer = lambda_handler(event, None)

    assert SECRET not in output().text
    assert SECRET not in answer["errorMessage"]


def test_an_error_while_logging_writes_nothing(output: Callable[[], Output]) -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise ValueError(SECRET)

    telemetry.logger.info("message", value=Unprintable())

    assert SECRET not in output().text


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
    load_tracer = telemetry.load_tracer
    load_tracer.cache_clear()
    yield
    load_tracer.cache_clear()


class RecordingTracer:
    """Stands where the X-Ray tracer does."""

    fails = False
    fails_late = False

    def capture_lambda_handler(self, handler: Callable[..., None], **options: object) -> Callable[..., None]:
        self.options = options
        if self.fails:
            raise OSError

        def traced(*arguments: object) -> None:
            handler(*arguments)
            if self.fails_late:
                raise OSError

        return traced


@pytest.fixture
def tracer(monkeypatch: pytest.MonkeyPatch) -> RecordingTracer:
    recording = RecordingTracer()
    monkeypatch.setattr(telemetry, "Tracer", lambda **_: recording)
    return recording


@pytest.mark.usefixtures("sampled")
def test_a_sampled_invocation_is_traced_without_its_data(
    event: dict[str, Any], engine: Callable[[Engine], None], tracer: RecordingTracer
) -> None:
    engine(outcome_of)

    assert lambda_handler(event, None)["status"] == "success"
    assert tracer.options == {"capture_response": False, "capture_error": False}


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize("when", ["fails", "fails_late"])
def test_a_tracer_that_fails_changes_nothing(tracer: RecordingTracer, when: str) -> None:
    setattr(tracer, when, True)
    calls: list[tuple[str, str]] = []

    def answer(event: str, context: str) -> str:
        calls.append((event, context))
        return "answer"

    assert telemetry.traced(answer, "event", "context") == "answer"
    assert calls == [("event", "context")]


@pytest.mark.usefixtures("sampled")
def test_a_bundle_without_the_xray_sdk_works_untraced(
    event: dict[str, Any],
    run: Callable[[Engine], Output],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.startswith("aws_xray_sdk"):
            raise ModuleNotFoundError(name)
        return real_import(name, *arguments, **keywords)

    real_import = builtins.__import__
    for name in [name for name in sys.modules if name.startswith("aws_xray_sdk")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    monkeypatch.setattr(Tracer, "_config", dict(Tracer._default_config))  # noqa: SLF001 - it keeps what it once loaded

    written = run(outcome_of)

    assert written.logs[0]["message"] == "Tracing is on but the X-Ray SDK cannot be used"
    assert lambda_handler(event, None)["status"] == "success"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"),
        ("_X_AMZN_TRACE_ID", ""),
        ("AWS_SAM_LOCAL", "true"),
        ("POWERTOOLS_TRACE_DISABLED", "true"),
    ],
)
@pytest.mark.usefixtures("sampled")
def test_the_xray_sdk_stays_out_where_nothing_is_traced(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    def unwanted(**_: object) -> Tracer:
        raise AssertionError

    monkeypatch.setenv(name, value)
    monkeypatch.setattr(telemetry, "load_tracer", unwanted)

    assert telemetry.traced(lambda event, _: event, "event", "context") == "event"

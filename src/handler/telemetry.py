"""Logs, metrics and traces. None of them can make a transform fail, and none of them sees a value.

The event, the template, parameter values and options are never handed to anything in here. Powertools'
``inject_lambda_context`` is not used for the same reason: an environment variable can make it log the event.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress
from functools import cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TextIO, TypeVar

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from sfn_least_privilege.policy.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.pipeline import Outcome

SERVICE = "sfn-least-privilege"
NAMESPACE = "SfnLeastPrivilege"

_MAX_FRAMES = 40

_P = ParamSpec("_P")
_Event = TypeVar("_Event")
_Context = TypeVar("_Context")
_Answer = TypeVar("_Answer")


class _StdoutHandler(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stdout`` is at that time: Lambda's runtime and test runners replace it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # an attribute there; logging's own last resort does the same
        return sys.stdout

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: logging would print the record with all its arguments."""


logger = Logger(service=SERVICE, logger_handler=_StdoutHandler(), utc=True, use_rfc3339=True)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)


def _harmless(report: Callable[_P, None]) -> Callable[_P, None]:
    """Whatever goes wrong in ``report`` stays there."""

    @wraps(report)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> None:
        with suppress(Exception):
            report(*args, **kwargs)

    return guarded


@_harmless
def correlate(event: object, context: object) -> None:
    """Make every later log entry of this invocation carry its ids.

    All of them are set every time, so that none is left over from the invocation before.
    """
    ids = event if isinstance(event, dict) else {}
    logger.set_correlation_id(_text(ids.get("requestId")))
    logger.append_keys(
        transform_id=_text(ids.get("transformId")),
        account_id=_text(ids.get("accountId")),
        function_request_id=_text(getattr(context, "aws_request_id", None)),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@_harmless
def report_success(outcome: Outcome, seconds: float) -> None:
    """Log and count what a transform did and what it has to tell."""
    _log_findings(outcome.findings)
    logger.info(
        "Template transformed",
        machines=outcome.machines,
        roles=dict(outcome.roles),
        milliseconds=_milliseconds(seconds),
    )
    _count(outcome.findings, seconds, machines=outcome.machines, roles=len(outcome.roles), failures=0)


@_harmless
def report_failure(findings: Sequence[Finding], problems: Sequence[str], seconds: float) -> None:
    """Log and count why a transform was refused: by the engine's findings, or by problems told in words."""
    _log_findings(findings)
    for problem in problems:
        logger.error(problem)
    logger.error("Template not transformed", milliseconds=_milliseconds(seconds))
    _count(findings, seconds, failures=1)


@_harmless
def report_internal_error(error: BaseException) -> None:
    """Log where an unexpected error came from.

    Types and places only: the texts of exceptions quote the values they stumbled over.
    """
    logger.error(
        "Internal error",
        error=type(error).__name__,
        traceback=_frames(error),
        causes=[type(cause).__name__ for cause in _causes(error)],
    )
    metrics.add_metric("InternalErrors", MetricUnit.Count, 1)
    _count((), 0, failures=1)


def _frames(error: BaseException) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-_MAX_FRAMES)
    ]


def _causes(error: BaseException) -> Iterable[BaseException]:
    seen = {id(error)}
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _log_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        _LOG[finding.severity](
            finding.rule.title,
            rule=finding.rule.id,
            severity=finding.severity.value,
            resource=finding.location.logical_id,
            state=" > ".join(finding.location.state),
            detail=finding.detail,
        )


_LOG: dict[Severity, Callable[..., None]] = {
    Severity.ERROR: logger.error,
    Severity.WARNING: logger.warning,
    Severity.INFO: logger.info,
}
_FINDING_METRICS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}


def _count(findings: Sequence[Finding], seconds: float, **counts: int) -> None:
    severities = [finding.severity for finding in findings]
    try:
        for name, count in counts.items():
            metrics.add_metric(name.capitalize(), MetricUnit.Count, count)
        for severity, name in _FINDING_METRICS.items():
            metrics.add_metric(name, MetricUnit.Count, severities.count(severity))
        metrics.add_metric("Duration", MetricUnit.Milliseconds, _milliseconds(seconds))
        metrics.flush_metrics()
    finally:
        metrics.clear_metrics()


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def traced(answer: Callable[[_Event, _Context], _Answer], event: _Event, context: _Context) -> _Answer:
    """``answer(event, context)`` in an X-Ray subsegment of its own where this invocation is traced.

    ``answer`` raises nothing. Neither its argument nor its result is recorded.
    """
    tracer = load_tracer() if _is_traced() else None
    answers: list[_Answer] = []
    if tracer is not None:

        def lambda_handler(event: _Event, context: _Context) -> None:
            answers.append(answer(event, context))

        with suppress(Exception):
            tracer.capture_lambda_handler(lambda_handler, capture_response=False, capture_error=False)(event, context)
    return answers[0] if answers else answer(event, context)


def _is_traced() -> bool:
    """Whether X-Ray samples this invocation.

    The X-Ray SDK takes longer to import than everything else together, so it waits for an invocation that needs it.
    Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    environment = os.environ
    disabled = environment.get("POWERTOOLS_TRACE_DISABLED", "").lower() in {"1", "true", "yes", "y", "t", "on"}
    local = bool(environment.get("AWS_SAM_LOCAL"))
    return "Sampled=1" in environment.get("_X_AMZN_TRACE_ID", "") and not disabled and not local


@cache
def load_tracer() -> Tracer | None:
    """Import the X-Ray SDK; None, and a word in the log, where that fails."""
    try:
        # Patching every library in reach costs time and would record the buckets and keys that are read.
        return Tracer(service=SERVICE, auto_patch=False)
    except Exception as error:  # noqa: BLE001 - a bundle without the X-Ray SDK, or with one that fails, works untraced
        with suppress(Exception):
            logger.warning("Tracing is on but the X-Ray SDK cannot be used", error=type(error).__name__)
        return None

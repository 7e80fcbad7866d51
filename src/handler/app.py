"""The Lambda function's entry point: the macro contract of CloudFormation."""

from __future__ import annotations

import os
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from sfn_least_privilege.handler import response, telemetry
from sfn_least_privilege.handler.event import InvalidEvent, read_event
from sfn_least_privilege.handler.organisation import organisation_from
from sfn_least_privilege.handler.redaction import redaction_for
from sfn_least_privilege.handler.s3_definitions import S3Definitions
from sfn_least_privilege.policy import pipeline
from sfn_least_privilege.policy.errors import SfnLeastPrivilegeError, TransformFailedError

if TYPE_CHECKING:
    from sfn_least_privilege.handler.response import Answer


def lambda_handler(event: object, context: object) -> Answer:
    """Give every state machine of the event's template its role.

    Answers ``{requestId, status, fragment}``, with ``errorMessage`` where the status is ``failure``. Raises nothing,
    whatever comes in: of an exception CloudFormation shows its users only "malformed response".
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
    """
    return telemetry.traced(_answer, event, context)


def _answer(event: object, context: object) -> Answer:
    try:
        return _transform(event, context)
    except Exception as error:  # noqa: BLE001 - see lambda_handler: nothing may leave it
        telemetry.report_internal_error(error)
        return response.failure(event, [_internal_error(event, error)])


def _transform(event: object, context: object) -> Answer:
    started = perf_counter()
    macro_event = read_event(event)
    telemetry.correlate(event, context)
    if isinstance(macro_event, InvalidEvent):
        telemetry.report_failure((), macro_event.problems, perf_counter() - started)
        return response.failure(event, macro_event.problems)
    request = pipeline.Request(
        definitions=S3Definitions(macro_event.region),
        region=macro_event.region,
        account_id=macro_event.account_id,
        parameter_values=macro_event.parameter_values,
        options=macro_event.params,
        organisation=organisation_from(os.environ),
    )
    redaction = redaction_for(macro_event)
    try:
        outcome = pipeline.transform(macro_event.fragment, request)
    except TransformFailedError as error:
        findings = redaction.findings(error.findings)
        telemetry.report_failure(findings, (), perf_counter() - started)
        return response.failure(event, [str(finding) for finding in findings])
    except SfnLeastPrivilegeError as error:
        problem = redaction.text(str(error))
        telemetry.report_failure((), (problem,), perf_counter() - started)
        return response.failure(event, [problem])
    told = replace(outcome, findings=redaction.findings(outcome.findings))
    telemetry.report_success(told, perf_counter() - started)
    return response.success(macro_event.request_id, outcome.fragment)


def _internal_error(event: object, error: Exception) -> str:
    request_id = event.get("requestId") if isinstance(event, dict) else None
    request = f"the request {request_id}" if isinstance(request_id, str) and request_id else "a request without an id"
    return (
        f"Internal error ({type(error).__name__}) in {request}. The template was left as it is. "
        f"Look for the request in {response.log_place()}, and please report what it says there."
    )

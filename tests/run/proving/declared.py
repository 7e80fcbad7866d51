"""What Step Functions itself needs of a role, which the emulation never asks: told from the deployed machine.

Each entry is written by hand from the AWS page that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proving.behind import key_arn
from proving.demand import Demand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from proving.stack import Stack

_DG = "https://docs.aws.amazon.com/step-functions/latest/dg"
_LOGS = f"{_DG}/cw-logs.html"
_XRAY = f"{_DG}/concepts-xray-tracing.html"
_DISTRIBUTED = f"{_DG}/iam-policies-eg-dist-map.html"
_ENCRYPTION = f"{_DG}/encryption-at-rest.html"
_NESTED = f"{_DG}/stepfunctions-iam.html"
_CHILD = "11111111-2222-3333-4444-555555555555"

_LOG_DELIVERY = (
    "CreateLogDelivery",
    "CreateLogStream",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutLogEvents",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)
_TRACES = ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")


def declared_demands(stack: Stack, machine: str) -> Iterator[tuple[str, str, Demand]]:
    """State, what asks, and demand, for everything that a machine's settings and definition bring about."""
    properties = stack.properties(machine)
    for demand in _of_settings(stack, machine, properties):
        yield "", "settings", demand
    arn = stack.attribute(machine, None)
    for name, state in states(stack.definition(machine)):
        if state.get("Type") == "Map" and _is_distributed(state):
            for demand in _of_distributed_map(state, arn):
                yield name, "distributed map", demand


def _of_settings(stack: Stack, machine: str, properties: Mapping[str, Any]) -> Iterator[Demand]:
    logging = properties.get("LoggingConfiguration") or {}
    if logging.get("Level", "OFF") != "OFF" and logging.get("Destinations"):
        for action in _LOG_DELIVERY:
            yield Demand(f"logs:{action}", _log_resource(action, logging["Destinations"]), (), _LOGS, at_creation=True)
    if (properties.get("TracingConfiguration") or {}).get("Enabled") in {True, "true"}:
        for action in _TRACES:
            yield Demand(f"xray:{action}", "*", (), _XRAY)
    key = (properties.get("EncryptionConfiguration") or {}).get("KmsKeyId")
    if key:
        context = (("kms:EncryptionContext:aws:states:stateMachineArn", stack.attribute(machine, None)),)
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            yield Demand(action, key_arn(key, stack), context, _ENCRYPTION, at_creation=True)


def _log_resource(action: str, destinations: list[Any]) -> str:
    """The page grants ``*`` for all; what has resources in IAM is asked for a stream of the group that is named."""
    if action in {"PutLogEvents", "CreateLogStream"}:
        group = destinations[0]["CloudWatchLogsLogGroup"]["LogGroupArn"].removesuffix(":*")
        return f"{group}:log-stream:states/any"
    return "*"


def _of_distributed_map(state: Mapping[str, Any], arn: str) -> Iterator[Demand]:
    executions = arn.replace(":stateMachine:", ":execution:")
    yield Demand("states:StartExecution", arn, (), _DISTRIBUTED)
    yield Demand("states:DescribeExecution", f"{executions}:{_CHILD}", (), _DISTRIBUTED)
    yield Demand("states:StopExecution", f"{executions}:{_CHILD}", (), _DISTRIBUTED)
    if state["ItemProcessor"]["ProcessorConfig"].get("ExecutionType") == "EXPRESS":
        # Express children are never redriven.
        return
    # Step Functions makes up a label where none is given.
    label = state.get("Label", "0a1b2c3d")
    yield Demand("states:RedriveExecution", f"{executions}/{label}:{_CHILD}", (), f"{_DG}/redrive-map-run.html")


def _is_distributed(state: Mapping[str, Any]) -> bool:
    processor = state.get("ItemProcessor") or {}
    return bool((processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED")


def states(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every state of a definition, those inside of others included."""
    for name, state in definition["States"].items():
        yield name, state
        inner = [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]
        for each in inner:
            if each:
                yield from states(each)

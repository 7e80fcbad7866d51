"""What settings of a state machine require, whatever its definition calls."""

from __future__ import annotations

from dataclasses import dataclass

from sfn_least_privilege.policy.catalog.basis import Basis


@dataclass(frozen=True, slots=True)
class MachineRule:
    """Actions that a setting requires, none of which IAM can limit to a resource; ``reason`` says so."""

    name: str
    actions: tuple[str, ...]
    reason: str
    documentation: str
    basis: Basis
    note: str = ""


LOGGING = MachineRule(
    name="logging",
    actions=(
        "logs:CreateLogDelivery",
        "logs:CreateLogStream",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutLogEvents",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ),
    reason="IAM knows no resource for eight of the ten, and the page that asks for them grants all ten on `*`",
    documentation="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
    basis=Basis.DOCUMENTED,
    note="The page has ten actions; its 2022 form, AWS's samples and CDK have eight or nine, without "
    "CreateLogStream and PutLogEvents. Followed is today's page: a missing action breaks the deployment.",
)

TRACING = MachineRule(
    name="tracing",
    actions=(
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ),
    reason="X-Ray has no resources that IAM could limit these actions to",
    documentation="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",
    basis=Basis.DOCUMENTED,
)

"""HTTP Task: calls of HTTPS endpoints anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.connection import connection_secret
from sfn_least_privilege.policy.catalog.forms.http_endpoint import endpoint_pattern, whole_or_unknown
from sfn_least_privilege.policy.catalog.forms.own_account import own_account_arn_only
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    ArgumentArn,
    ArnPart,
    ComposedArn,
    Derived,
    Given,
    Grant,
    GrantCondition,
    Integration,
)
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call


def _own_machine(call: Call) -> Iterator[Guarded]:
    """The state machine itself."""
    yield Guarded(call.surroundings.own_arn)


def _connection_grants(argument: str) -> tuple[Grant, ...]:
    given = (Given(argument),)
    return (
        Grant(
            ("events:RetrieveConnectionCredentials",),
            ArgumentArn(
                argument,
                "arn:{Partition}:events:{Region}:{AccountId}:connection/{}",
                form=own_account_arn_only,
            ),
            when=given,
        ),
        Grant(
            ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
            connection_secret(argument),
            when=given,
            note="The page opens Region, account and connection. The secret lies with its connection, and has its "
            "name; CloudFormation knows the whole ARN of a connection of the template.",
        ),
    )


INTEGRATIONS = (
    Integration(
        service="http",
        api="invoke",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(
                ("states:InvokeHTTPEndpoint",),
                Derived(_own_machine, "StateMachineName"),
                conditions=(
                    GrantCondition(
                        "StringEquals",
                        "states:HTTPMethod",
                        ComposedArn("{}", (ArnPart("Method", form=whole_or_unknown),)),
                    ),
                    GrantCondition(
                        "StringLike",
                        "states:HTTPEndpoint",
                        ComposedArn("{}", (ArnPart("ApiEndpoint", form=endpoint_pattern),)),
                    ),
                ),
                note="CDK grants `*` for any URL that begins like the endpoint, so also for longer hosts. Here the "
                "endpoint is as it is given, open only behind its host.",
            ),
            *_connection_grants("Authentication.ConnectionArn"),
            *_connection_grants("InvocationConfig.ConnectionArn"),
        ),
        requires=("ApiEndpoint",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html",
        basis=Basis.DOCUMENTED,
        note="Private endpoints are reached through the connection, and need nothing more of the role.",
    ),
)

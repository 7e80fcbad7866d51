"""The secret in which EventBridge keeps what a connection signs in with.

``arn:partition:secretsmanager:region:account:secret:events!connection/connection-name/id``, in the connection's own
account and Region: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import Derived
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, Wildcard, unknown
from sfn_least_privilege.policy.value import Guarded, Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment

_CONNECTION = "AWS::Events::Connection"
_TEMPLATE = "arn:{Partition}:secretsmanager:{Region}:{AccountId}:secret:events!connection/{}"
_RESOURCE = ":connection/"
_NO_ARN = "it is not the ARN of a connection"
_REGION, _ACCOUNT = 3, 4


def connection_secret(argument: str) -> Derived:
    """The secret of the connection that ``argument`` names."""

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            if not isinstance(leaf, Missing):
                yield Guarded(_secret(as_text(leaf), call.surroundings.deployment), guards)

    return Derived(find, argument, _TEMPLATE.replace("{}", "{connection name}/*"))


def _secret(connection: Text, deployment: Deployment) -> Text:
    reference = connection.reference
    if reference is not None and reference.resource_type == _CONNECTION:
        secret = Reference(
            "Fn::GetAtt",
            f"{reference.logical_id}.SecretArn",
            Kind.ARN,
            logical_id=reference.logical_id,
            resource_type=_CONNECTION,
        )
        return Text((secret,))
    name = _name(connection)
    return arn.build(
        _TEMPLATE,
        deployment,
        name if isinstance(name.parts[-1], Unknown) else Text.of(name, "/", Wildcard()),
        account_id=_field(connection, _ACCOUNT),
        region=_field(connection, _REGION),
    )


def _field(connection: Text, index: int) -> Text | None:
    """A field of the ARN that is written out; None for the deployment's own."""
    found = None if connection.reference is not None else arn.field(connection, index)
    return found if found is not None and found.literal else None


def _name(connection: Text) -> Text:
    """What stands between ``connection/`` and the next slash."""
    if connection.reference is not None:
        # Every ARN of a connection has its name there, so CloudFormation can pick it at deployment.
        return Text((arn.select(1, "/", connection.reference),))
    parts = connection.parts
    for index, part in enumerate(parts):
        if isinstance(part, Literal) and _RESOURCE in part.value:
            name = _until_slash(Text.of(part.value.partition(_RESOURCE)[2], *parts[index + 1 :]))
            return name if name.parts else unknown(_NO_ARN)
    return unknown(connection.unknowns[0].reason if connection.unknowns else _NO_ARN)


def _until_slash(rest: Text) -> Text:
    for index, part in enumerate(rest.parts):
        if isinstance(part, Literal) and "/" in part.value:
            return Text.of(*rest.parts[:index], part.value.partition("/")[0])
    return rest

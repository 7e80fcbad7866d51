"""Amazon API Gateway: calls of an API's own methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.api_endpoint import called_methods, managed_connections
from sfn_least_privilege.policy.catalog.integration import (
    CALLBACK,
    Derived,
    Grant,
    Integration,
    Is,
)
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.value import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call

_API = "arn:{Partition}:execute-api:{Region}:{AccountId}:{API of ApiEndpoint}"
_ARGUMENTS = "ApiEndpoint`, `Stage`, `Method`, `Path"
_SIGNED = (Is("AuthType", ("IAM_ROLE",)),)


def _needs_of_the_api(call: Call) -> Iterator[str]:
    """What stands on the API's side: https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html."""
    if any(as_text(leaf).literal == "RESOURCE_POLICY" for _, leaf in leaves_at("AuthType", call.arguments)):
        yield "the resource policy of the API must allow states.amazonaws.com, for this machine as `aws:SourceArn`"


INTEGRATIONS = (
    Integration(
        service="apigateway",
        api="invoke",
        patterns=CALLBACK,
        grants=(
            Grant(
                ("execute-api:Invoke",),
                Derived(called_methods, _ARGUMENTS, f"{_API}/{{Stage}}/{{Method}}/{{Path}}"),
                when=_SIGNED,
            ),
            Grant(
                ("execute-api:ManageConnections",),
                Derived(managed_connections, _ARGUMENTS, f"{_API}/{{Stage}}/{{Method}}/@connections/*"),
                when=_SIGNED,
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/apigateway/latest/developerguide/"
                "apigateway-websocket-control-access-iam.html",
            ),
        ),
        requires=("ApiEndpoint",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html",
        basis=Basis.DOCUMENTED,
        note="A call without AuthType is one with NO_AUTH, which needs no permission; RESOURCE_POLICY needs a policy "
        "on the API instead. Without a stage an HTTP API answers at `$default`; any other API has its stage at the "
        "beginning of the path. The page of 2022 printed a malformed "
        "ARN; the current one is followed.",
        notices=_needs_of_the_api,
    ),
)

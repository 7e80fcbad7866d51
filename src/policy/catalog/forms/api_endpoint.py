"""What a call of an API is authorised on, told from the arguments of ``apigateway:invoke``.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
and https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html, which says that private APIs and
custom domain names are not supported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import MAX_ALTERNATIVES, Guarded, Missing, as_text, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Guards

_TEMPLATE = "arn:{Partition}:execute-api:{Region}:{AccountId}:{}/{}/{}{}"
_MARK = ".execute-api."
_ENDPOINT = "-vpce-"
_REST_TYPES = frozenset({"AWS::ApiGateway::RestApi", "AWS::Serverless::Api"})
_HTTP_TYPES = frozenset({"AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"})
_DEFAULT_STAGE = Text.of("$default")
_CONNECTIONS = "@connections"
_NO_HOST = "its host is not of the form api-id.execute-api.region.amazonaws.com, and so does not show the API"
_NO_STAGE = "no stage is given, and the beginning of the path, which would be one, is not known"
_PARAMETER = re.compile(r"\{[^{}]*\}")
_PLAIN_HOST = re.compile(r"[a-z0-9]+\.execute-api\.")
_OPENS = re.compile(r"[?{]")


def called_methods(call: Call) -> Iterator[Guarded]:
    """The methods of APIs that are called: a host's API, and its stage, method and path."""
    for each in _requests(call):
        if not _manages_connections(each.path):
            yield from each.patterns(call.surroundings.deployment)


def managed_connections(call: Call) -> Iterator[Guarded]:
    """The connections of WebSocket APIs that are spoken to, all of which are below the path ``@connections``.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
    """
    for each in _requests(call):
        if _manages_connections(each.path):
            yield from each.patterns(call.surroundings.deployment)


@dataclass(frozen=True, slots=True)
class _Request:
    """One combination of what the arguments can be; None where an argument is not given."""

    guards: Guards
    host: Text | None
    stage: Text | None
    method: Text | None
    path: Text | None

    def patterns(self, deployment: Deployment) -> Iterator[Guarded]:
        region, api = _region_and_api(self.host or Text(), deployment)
        method = unknown("`Method` is not given") if self.method is None else self.method
        for stage, path in self._stages_and_paths(api):
            pattern = arn.build(_TEMPLATE, deployment, api, stage, method, _resource_path(path), region=region)
            yield Guarded(pattern, self.guards)

    def _stages_and_paths(self, api: Text) -> Iterator[tuple[Text, Text]]:
        """Without a stage, an HTTP API answers at its default stage; else the path begins with the stage."""
        path = Text() if self.path is None else self.path
        if self.stage is not None:
            literal = self.stage.literal
            yield (self.stage if literal is None else Text.of(literal.strip("/"))), path
            return
        kinds = {reference.resource_type for reference in api.references}
        if kinds.isdisjoint(_REST_TYPES):
            yield _DEFAULT_STAGE, path
        first, slash, rest = path.prefix.lstrip("/").partition("/")
        if not kinds.isdisjoint(_HTTP_TYPES) or not (path.parts or kinds):
            return
        if first and (slash or len(path.parts) == 1):
            yield Text.of(first), Text.of(rest, *path.parts[1:])
        elif not kinds.isdisjoint(_REST_TYPES):
            yield unknown(_NO_STAGE), path


def _requests(call: Call) -> Iterator[_Request]:
    """Every combination of the arguments, each under the template conditions it needs."""
    choices = [
        [
            (guards, None if isinstance(leaf, Missing) else as_text(leaf))
            for guards, leaf in leaves_at(name, call.arguments)
        ]
        for name in ("ApiEndpoint", "Stage", "Method", "Path")
    ]
    while prod(map(len, choices)) > MAX_ALTERNATIVES:
        # Every combination would fill the policy: what can be most is left open in all of them.
        longest = max(choices, key=len)
        longest[:] = [((), unknown(f"with the other arguments it makes more than {MAX_ALTERNATIVES} combinations"))]
    for combination in product(*choices):
        guards: Guards | None = ()
        for each, _ in combination:
            guards = None if guards is None else merge_guards(guards, each)
        if guards is not None:
            yield _Request(guards, *(text for _, text in combination))


def _manages_connections(path: Text | None) -> bool:
    spoken = "" if path is None else path.sample or path.prefix
    return spoken.lstrip("/").startswith(_CONNECTIONS)


def _region_and_api(host: Text, deployment: Deployment) -> tuple[Text, Text]:
    of_template = _api_of_template(host)
    if of_template is not None:
        return deployment.region, of_template
    for index, part in enumerate(host.parts):
        if isinstance(part, Literal) and _MARK in part.value:
            before, _, after = part.value.partition(_MARK)
            api = _without_scheme(Text.of(*host.parts[:index], before))
            return _region(Text.of(after, *host.parts[index + 1 :])), _without_endpoint(api)
    reference = host.reference
    if reference is not None and _PLAIN_HOST.match(reference.sample or ""):
        return Text((arn.select(2, ".", reference),)), Text((arn.select(0, ".", reference),))
    reason = host.unknowns[0].reason if host.unknowns else _NO_HOST
    return deployment.region, unknown(reason)


def _api_of_template(host: Text) -> Text | None:
    """The id of an API of the template whose URL the host is: ``Fn::GetAtt Api.ApiEndpoint``."""
    reference = host.reference
    if reference is None or reference.resource_type not in _REST_TYPES | _HTTP_TYPES or not reference.logical_id:
        return None
    api = Reference(
        "Ref",
        reference.logical_id,
        Kind.ID,
        logical_id=reference.logical_id,
        resource_type=reference.resource_type,
    )
    return Text((api,))


def _without_scheme(api: Text) -> Text:
    scheme, mark, rest = api.prefix.partition("://")
    return Text.of(rest, *api.parts[1:]) if mark and scheme.isalpha() else api


def _without_endpoint(api: Text) -> Text:
    """The id in front of a VPC endpoint's: ``api-id-vpce-endpoint-id``."""
    kept: list[Part] = []
    for part in api.parts:
        if isinstance(part, Literal) and _ENDPOINT in part.value:
            return Text.of(*kept, part.value.partition(_ENDPOINT)[0])
        kept.append(part)
    return api


def _region(rest: Text) -> Text:
    """What stands before the next dot."""
    kept: list[Part] = []
    for part in rest.parts:
        if isinstance(part, Literal) and "." in part.value:
            return Text.of(*kept, part.value.partition(".")[0])
        kept.append(part)
    return Text.of(*kept)


def _resource_path(path: Text) -> Text:
    """The path from its leading slash, ``*`` for each path parameter and for what may be a query."""
    first = path.parts[0] if path.parts else None
    if isinstance(first, Reference):
        if first.sample is None or _OPENS.search(first.sample):
            # Whether its value begins with a slash decides about the ARN, and only deployment can tell.
            return Text.of("/", Unknown("the beginning of the path is known only at deployment"), *path.parts[1:])
        return Text.of(*_pieces(path)) if first.sample.startswith("/") else Text.of("/", *_pieces(path))
    return Text.of("/", *_pieces(path))


def _pieces(path: Text) -> Iterator[Part]:
    for index, part in enumerate(path.parts):
        if not isinstance(part, Literal):
            yield part
            continue
        known, query, _ = (part.value.lstrip("/") if index == 0 else part.value).partition("?")
        texts = _PARAMETER.split(known)
        for number, literal in enumerate(texts):
            if number:
                yield Unknown("a path parameter stands for any value")
            yield Literal(literal)
        if query:
            yield Unknown("what follows a question mark may be a query or a part of the path")
            return

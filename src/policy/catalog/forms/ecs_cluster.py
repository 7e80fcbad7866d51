"""The cluster that a task of ECS runs on.

A cluster is named by its short name or its ARN, and is called ``default`` where it is not named:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html. The ARN of a task holds the cluster's name:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import TAKEN_APART, is_arn, name_or_arn, why_open
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.rendering import intrinsic
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import Guarded, Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call

_DEFAULT = Text.of("default")
_TASKS = "arn:{Partition}:ecs:{Region}:{AccountId}:task/{}/*"
_CLUSTER = "arn:{Partition}:ecs:{Region}:{AccountId}:cluster/{}"
_MARK = ":cluster/"


def tasks_of_cluster(call: Call) -> Iterator[Guarded]:
    """The ARNs of every task of the cluster that a call names in ``Cluster``."""
    deployment = call.surroundings.deployment
    for guards, leaf in leaves_at("Cluster", call.arguments):
        name = _DEFAULT if isinstance(leaf, Missing) else cluster_name(as_text(leaf))
        yield Guarded(arn.build(_TASKS, deployment, name), guards)


def cluster_arns(call: Call) -> Iterator[Guarded]:
    """The ARN of the cluster that a call names in ``Cluster``, for a condition; unknown where nothing is known."""
    for guards, leaf in leaves_at("Cluster", call.arguments):
        if isinstance(leaf, Missing):
            continue
        text = as_text(leaf)
        name = cluster_name(text)
        if len(name.parts) == 1 and isinstance(name.parts[0], Unknown):
            yield Guarded(unknown(name.parts[0].reason), guards)
        else:
            yield Guarded(name_or_arn(text, _CLUSTER, call.surroundings.deployment), guards)


def cluster_name(cluster: Text) -> Text:
    """The short name of a cluster that is named by its name or its ARN."""
    reference = cluster.reference
    if reference is not None:
        return _of_reference(reference)
    begins_as_arn = is_arn(cluster)
    if begins_as_arn is False:
        return cluster
    if begins_as_arn:
        for index, part in enumerate(cluster.parts):
            if isinstance(part, Literal) and _MARK in part.value:
                return Text.of(part.value.partition(_MARK)[2], *cluster.parts[index + 1 :])
    reasons = [part.reason for part in cluster.unknowns]
    return unknown(reasons[0] if reasons else "its name cannot be told from it")


def _of_reference(reference: Reference) -> Text:
    if reference.resource_type == "AWS::ECS::Cluster":
        return Text((Reference("Ref", reference.logical_id, Kind.NAME, reference.logical_id, reference.resource_type),))
    spoken = reference.sample
    if spoken is None and reference.kind not in {Kind.ARN, Kind.NAME}:
        return _at_deployment(reference) if reference.function in TAKEN_APART else unknown(why_open(reference))
    if (reference.kind is Kind.ARN) if spoken is None else spoken.startswith("arn:"):
        # Any ARN of a cluster has its name behind the slash, so CloudFormation can pick it at deployment.
        return Text((arn.select(1, "/", reference),))
    return Text((reference,))


def _at_deployment(reference: Reference) -> Text:
    """The name in what may be a name or an ARN: what stands behind the first slash, of an ARN or of ``name/name``."""
    written = intrinsic(reference)
    twice = Reference("Fn::Join", json.dumps(["/", [written, written]], sort_keys=True, separators=(",", ":")))
    return Text((arn.select(1, "/", twice),))

"""Deliberate errors put into the macro's catalogue, each of which the proof must notice.

This is the one module of the proof that looks into the catalogue: to spoil it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from proving.running import deployed
from proving.verdict import judge_proof
from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import (
    CALLBACK,
    EveryResource,
    FixedArn,
    Grant,
    GrantCondition,
)
from sfn_least_privilege.policy.catalog.integrations import service_integrations
from sfn_least_privilege.policy.needs import keys, maps, settings, tasks
from sfn_least_privilege.policy.text import Text, Wildcard
from sfn_least_privilege.policy.weave import role as role_weaving

if TYPE_CHECKING:
    from collections.abc import Callable

    from proving.judge import Judge
    from proving.running import Proof


@dataclass(frozen=True, slots=True)
class Seed:
    """An error: what it is, the workflow that must show it, and how it is put in."""

    name: str
    workflow: str
    put_in: Callable[[pytest.MonkeyPatch], None]


def found(seed: Seed, proof: Proof, judge: Judge) -> tuple[str, ...]:
    """What the proof says of the roles that the spoilt catalogue makes, for the demands of the unspoilt run."""
    with pytest.MonkeyPatch.context() as patch:
        seed.put_in(patch)
        spoilt = deployed(proof.workflow)
    clean = set(judge_proof(proof, judge).defects)
    return tuple(each for each in judge_proof(proof, judge, spoilt).defects if each not in clean)


def _grants(name: str, change: Callable[[Grant], Grant | None]) -> Callable[[pytest.MonkeyPatch], None]:
    """Change, or drop, each grant of an optimised integration."""
    service, _, api = name.partition(":")

    def put_in(patch: pytest.MonkeyPatch) -> None:
        rows = dict(service_integrations(service))
        changed = tuple(each for each in map(change, rows[api].grants) if each is not None)
        assert changed != rows[api].grants, "the seed changes nothing"
        rows[api] = replace(rows[api], grants=changed)
        patch.setattr(
            tasks, "service_integrations", lambda asked: rows if asked == service else service_integrations(asked)
        )

    return put_in


def _on(action: str, **changes: Any) -> Callable[[Grant], Grant | None]:
    """Replace fields of the grants that hold an action."""
    return lambda grant: replace(grant, **changes) if action in grant.actions else grant


def _resource(action: str, **changes: Any) -> Callable[[Grant], Grant | None]:
    """Replace fields of the resource of the grants that hold an action."""
    return lambda grant: (
        replace(grant, resource=replace(grant.resource, **changes)) if action in grant.actions else grant
    )


def _conditions(change: Callable[[GrantCondition], GrantCondition | None]) -> Callable[[Grant], Grant | None]:
    return lambda grant: replace(
        grant, conditions=tuple(each for each in map(change, grant.conditions) if each is not None)
    )


def _without_log_groups(patch: pytest.MonkeyPatch) -> None:
    fewer = tuple(each for each in settings.LOGGING.actions if each != "logs:DescribeLogGroups")
    patch.setattr(settings, "LOGGING", replace(settings.LOGGING, actions=fewer))


def _without_trust_condition(patch: pytest.MonkeyPatch) -> None:
    original = role_weaving.trust_policy

    def open_to_all(*given: Any) -> dict[str, Any]:
        document = original(*given)
        return {**document, "Statement": [{**document["Statement"][0], "Condition": {}}]}

    patch.setattr(role_weaving, "trust_policy", open_to_all)


def _without_children(patch: pytest.MonkeyPatch) -> None:
    grants = tuple(each for each in maps.MAP_RUN.grants if "states:StartExecution" not in each.actions)
    patch.setattr(maps, "MAP_RUN", replace(maps.MAP_RUN, grants=grants))


def _without_queue_keys(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(keys._USES, "sqs:sendmessage")  # noqa: SLF001 -- what the catalogue's rows are read into


def _any_account(text: Any, template: str, deployment: Any) -> Any:
    """A table by name in whatever account."""
    return arn.build(template, deployment, text, account_id=Text((Wildcard(),)))


SEEDS = (
    Seed(
        "a missing action",
        "nested-sync2",
        _grants("states:startExecution", _on("states:DescribeExecution", actions=("states:StopExecution",))),
    ),
    Seed(
        "a wrong segment of an ARN",
        "dead-letters",
        _grants(
            "sqs:sendMessage",
            _resource("sqs:SendMessage", template="arn:{Partition}:sqs:{Region}:{AccountId}:queue/{}"),
        ),
    ),
    Seed(
        "a dropped condition",
        "training",
        _grants("sagemaker:createTrainingJob", _on("iam:PassRole", conditions=())),
    ),
    Seed(
        "a swapped service",
        "order-saga",
        _grants("dynamodb:putItem", _on("dynamodb:PutItem", actions=("dax:PutItem",))),
    ),
    Seed(
        "a name prefix without its separator",
        "nested-sync2",
        _grants(
            "states:startExecution",
            _resource("states:DescribeExecution", template="arn:{Partition}:states:{Region}:{AccountId}:execution:{}*"),
        ),
    ),
    Seed(
        "an action too many",
        "fan-out",
        _grants("sns:publish", _on("sns:Publish", actions=("sns:Publish", "sns:Subscribe"))),
    ),
    Seed(
        "everything instead of a table",
        "order-saga",
        _grants("dynamodb:putItem", _on("dynamodb:PutItem", resource=EveryResource("nobody looked it up"))),
    ),
    Seed(
        "a managed rule by a wrong name",
        "batch-job",
        _grants(
            "batch:submitJob",
            _on(
                "events:PutRule",
                resource=FixedArn(
                    "arn:{Partition}:events:{Region}:{AccountId}:rule/StepFunctionsGetEventsForBatchJobRule"
                ),
            ),
        ),
    ),
    Seed(
        "a permission under the wrong pattern",
        "nested-sync2",
        _grants("states:startExecution", _on("states:DescribeExecution", patterns=CALLBACK)),
    ),
    Seed(
        "a forgotten qualifier",
        "aliases-and-versions",
        _grants("lambda:invoke", _resource("lambda:InvokeFunction", qualifier=None)),
    ),
    Seed(
        "any account",
        "map-inline-jsonpath",
        _grants(
            "dynamodb:putItem",
            _resource(
                "dynamodb:PutItem",
                form=_any_account,
            ),
        ),
    ),
    Seed("a log permission forgotten", "logged-and-traced", _without_log_groups),
    Seed("a role that trusts every machine", "named-machine", _without_trust_condition),
    Seed("a distributed map that may not start its children", "distributed-over-objects", _without_children),
    Seed("a key behind a queue forgotten", "encrypted-messages", _without_queue_keys),
    Seed(
        "a host that may go on",
        "http-call",
        _grants(
            "http:invoke",
            _conditions(
                lambda condition: (
                    replace(condition, value=FixedArn("https://api.example.com*"))
                    if condition.key == "states:HTTPEndpoint"
                    else condition
                )
            ),
        ),
    ),
    Seed(
        "the wrong default bus",
        "events-on-buses",
        _grants("events:putEvents", _resource("events:PutEvents", default="main")),
    ),
)

"""What a role grants beside what its state machine needs."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.audit import rules
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.iam.coverage import covers
from sfn_least_privilege.policy.rendering import spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_least_privilege.policy.audit.own_policies import OwnPolicies, OwnStatement
    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.text import Text


def lacking(needs: Iterable[Need], own: OwnPolicies) -> tuple[Need, ...]:
    """The needs, each with the actions that the role does not certainly grant.

    A statement with conditions of IAM's counts as granting: whether they hold only a request can tell. One under
    template conditions does not, unless the need stands under the same.
    """
    found: list[Need] = []
    for need in needs:
        actions = tuple(action for action in need.actions if not _is_granted(action, need, own.statements))
        if actions:
            found.append(replace(need, actions=actions))
    return tuple(found)


def audit(needs: Sequence[Need], own: OwnPolicies, logical_id: str) -> tuple[Finding, ...]:
    """What the role lacks and what it has too much, as findings."""
    found = (*_lacks(lacking(needs, own), logical_id), *_excess(needs, own, logical_id))
    unseen: tuple[Finding, ...] = ()
    if own.unseen:
        unseen = (finding(rules.POLICIES_UNSEEN, Location(logical_id), policies=", ".join(own.unseen)),)
    if not found and not unseen:
        return (finding(rules.ROLE_FITS, Location(logical_id)),)
    return (*dict.fromkeys(found), *unseen)


def _lacks(needs: Iterable[Need], logical_id: str) -> Iterator[Finding]:
    for need in needs:
        location = Location(logical_id, need.reason.state)
        for action in need.actions:
            yield finding(rules.ROLE_LACKS, location, action=action, resource=spell(need.resource.text))


def _excess(needs: Sequence[Need], own: OwnPolicies, logical_id: str) -> Iterator[Finding]:
    location = Location(logical_id)
    needed: dict[str, dict[Text, None]] = {}
    for need in needs:
        for action in need.actions:
            needed.setdefault(action, {})[need.resource.text.pattern] = None
    for statement in own.statements:
        for granted in statement.actions:
            matching = [action for action in needed if _matches(granted, action)]
            if not matching:
                yield finding(rules.ROLE_GRANTS_NEEDLESS, location, place=statement.place, action=granted)
                continue
            texts = list(dict.fromkeys(text for action in matching for text in needed[action]))
            for resource in statement.resources:
                if "*" in granted or not any(covers(text, resource) for text in texts):
                    yield finding(
                        rules.ROLE_GRANTS_WIDELY,
                        location,
                        place=statement.place,
                        action=granted,
                        resource=spell(resource),
                        needed=_needed(matching, texts),
                    )


_NAMED = 4


def _needed(actions: Sequence[str], texts: Sequence[Text]) -> str:
    resources = [f"`{spell(text)}`" for text in texts]
    return f"{_few(actions)} on {_few(resources)}"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _is_granted(action: str, need: Need, statements: Iterable[OwnStatement]) -> bool:
    pattern = need.resource.text.pattern
    held = set(need.resource.guards)
    return any(
        set(statement.guards) <= held
        and any(_matches(granted, action) for granted in statement.actions)
        and any(covers(resource, pattern) for resource in statement.resources)
        for statement in statements
    )


def _matches(granted: str, action: str) -> bool:
    return _compiled(granted).fullmatch(action) is not None


@lru_cache(maxsize=1024)
def _compiled(granted: str) -> re.Pattern[str]:
    # IAM does not mind the letter case of actions.
    return re.compile(re.escape(granted).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE)

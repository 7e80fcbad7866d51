"""What a role grants beside what its state machine needs."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.audit import rules
from sfn_least_privilege.policy.audit.own_statements import as_read
from sfn_least_privilege.policy.findings import Finding, Location, Rule, few, finding
from sfn_least_privilege.policy.guards import joined
from sfn_least_privilege.policy.iam.coverage import covers, may_overlap
from sfn_least_privilege.policy.rendering import spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_least_privilege.policy.audit.own_policies import OwnPolicies
    from sfn_least_privilege.policy.audit.own_statements import OwnStatement
    from sfn_least_privilege.policy.conditions import Condition
    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards


def lacking(needs: Iterable[Need], own: OwnPolicies, condition: str | None = None) -> tuple[Need, ...]:
    """The needs, each with the actions that the role does not certainly grant.

    A statement with conditions of IAM's grants where they are the need's own: whether others hold only a request can
    tell. One under template conditions grants where the need, or the machine by its ``condition``, stands under them.
    """
    found: list[Need] = []
    for need in needs:
        again = _as_read(need, own)
        actions = tuple(
            each
            for each in need.actions
            if not _is_granted(each, need, own.statements, condition)
            and not _is_granted(each, again, own.statements, condition)
        )
        if actions:
            found.append(replace(need, actions=actions))
    return tuple(found)


def audit(
    needs: Sequence[Need], own: OwnPolicies, logical_id: str, condition: str | None = None
) -> tuple[Finding, ...]:
    """What the role lacks and what it has too much, as findings."""
    missing = lacking(needs, own, condition)
    found = (
        *_lacks(missing, own, logical_id, condition),
        *_excess(needs, own, logical_id),
        *denied(needs, own, logical_id, condition),
    )
    unseen: tuple[Finding, ...] = ()
    if own.unseen:
        unseen = (finding(rules.POLICIES_UNSEEN, Location(logical_id), policies=", ".join(own.unseen)),)
    if own.bounded:
        unseen = (*unseen, finding(rules.ROLE_BOUNDED, Location(logical_id)))
    if not found and not unseen:
        return (finding(rules.ROLE_FITS, Location(logical_id)),)
    return (*dict.fromkeys(found), *unseen)


def denied(
    needs: Iterable[Need],
    own: OwnPolicies,
    logical_id: str,
    condition: str | None = None,
) -> Iterator[Finding]:
    """What the role's own ``Deny`` statements take away of what is needed: nothing that is granted helps there."""
    denies = [each for each in own.statements if each.denies]
    for need in needs if denies else ():
        location = Location(logical_id, need.reason.state)
        for action in need.actions:
            for statement in denies:
                rule = _denial(statement, action, need, condition)
                if rule is not None:
                    resource = spell(need.resource.text)
                    yield finding(rule, location, place=statement.place, action=action, resource=resource)


def _denial(statement: OwnStatement, action: str, need: Need, condition: str | None) -> Rule | None:
    pattern = need.resource.text.pattern
    if not _names_action(statement, action) or not _may_be_about(statement, pattern):
        return None
    certain = statement.conditions == () and _holds([statement.guards], need, condition)
    return rules.ROLE_DENIES if certain and _is_about(statement, pattern) else rules.ROLE_MAY_DENY


def _lacks(
    needs: Iterable[Need],
    own: OwnPolicies,
    logical_id: str,
    condition: str | None,
) -> Iterator[Finding]:
    bare = [replace(each, conditions=()) for each in own.statements if not each.denies]
    for need in needs:
        location = Location(logical_id, need.reason.state)
        for action in need.actions:
            rule = rules.ROLE_MAY_LACK if _is_granted(action, need, bare, condition) else rules.ROLE_LACKS
            yield finding(rule, location, action=action, resource=spell(need.resource.text))


def _excess(needs: Sequence[Need], own: OwnPolicies, logical_id: str) -> Iterator[Finding]:
    location = Location(logical_id)
    needed: dict[str, dict[Text, None]] = {}
    for need in needs:
        for action in need.actions:
            needed.setdefault(action, {})[need.resource.text.pattern] = None
    for statement in own.statements:
        if statement.denies:
            continue
        resources = [each for each in statement.resources if not each.unknowns]
        for granted, matching in _granted(statement, needed):
            if not matching:
                yield finding(rules.ROLE_GRANTS_NEEDLESS, location, place=statement.place, action=granted)
                continue
            texts = list(dict.fromkeys(text for action in matching for text in needed[action]))
            wide = "*" in granted or "?" in granted or statement.not_actions
            for resource in _shown_resources(statement, resources, texts, everything=wide):
                yield finding(
                    rules.ROLE_GRANTS_WIDELY,
                    location,
                    place=statement.place,
                    action=granted,
                    resource=resource,
                    needed=_needed(matching, texts),
                )


def _granted(statement: OwnStatement, needed: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """What a statement allows, as people read it, with the needed actions among it."""
    if statement.not_actions:
        shown = f"everything but {few([each for each in statement.actions if each], _NAMED)}"
        yield shown, [action for action in needed if _names_action(statement, action)]
        return
    for granted in filter(None, statement.actions):
        yield granted, [action for action in needed if _matches(granted, action)]


def _shown_resources(
    statement: OwnStatement,
    resources: Sequence[Text],
    texts: Sequence[Text],
    *,
    everything: bool,
) -> Iterator[str]:
    if statement.not_resources:
        yield f"everything but {few([spell(each) for each in statement.resources], _NAMED)}"
        return
    for resource in resources:
        if everything or not any(covers(text, resource) for text in texts):
            yield spell(resource)


_NAMED = 4


def _needed(actions: Sequence[str], texts: Sequence[Text]) -> str:
    resources = [f"`{spell(text)}`" for text in texts]
    return f"{few(actions, _NAMED)} on {few(resources, _NAMED)}"


def _is_granted(action: str, need: Need, statements: Iterable[OwnStatement], condition: str | None) -> bool:
    pattern = need.resource.text.pattern
    under = [
        statement.guards
        for statement in statements
        if not statement.denies
        and _names_action(statement, action)
        and _is_about(statement, pattern)
        and _is_implied(statement.conditions, need.conditions)
    ]
    return _holds(under, need, condition)


def _as_read(need: Need, own: OwnPolicies) -> Need:
    """The need in the words in which a policy that was written for it is read."""
    resource = replace(need.resource, text=as_read(need.resource.text, own.scope))
    conditions = (
        replace(each, values=tuple(as_read(value, own.scope) for value in each.values)) for each in need.conditions
    )
    return replace(need, resource=resource, conditions=tuple(conditions))


def _holds(several: Sequence[Guards], need: Need, condition: str | None) -> bool:
    """Whether at least one set of template conditions holds wherever the need is there."""
    if not several:
        return False
    held = {*need.resource.guards, *(((condition, True),) if condition else ())}
    return any(held.issuperset(guards) for guards in joined(several))


def _is_implied(own: tuple[Condition, ...] | None, asked: tuple[Condition, ...]) -> bool:
    """Whether a request that matches the need's conditions matches the statement's."""
    if own is None:
        return False
    wanted = {(each.operator, each.key.lower()): {value.pattern for value in each.values} for each in asked}
    return all(
        (each.operator, each.key.lower()) in wanted
        and wanted[each.operator, each.key.lower()] <= {value.pattern for value in each.values}
        for each in own
    )


def _names_action(statement: OwnStatement, action: str) -> bool:
    if statement.not_actions:
        # One that is not known may be this one.
        return all(each and not _matches(each, action) for each in statement.actions)
    return any(_matches(each, action) for each in statement.actions)


def _is_about(statement: OwnStatement, pattern: Text) -> bool:
    """Whether the statement is about all that the pattern can match."""
    if statement.not_resources:
        return not any(may_overlap(each, pattern) for each in statement.resources)
    return any(covers(each, pattern) for each in statement.resources if not each.unknowns)


def _may_be_about(statement: OwnStatement, pattern: Text) -> bool:
    """Whether the statement may be about something that the pattern can match."""
    if statement.not_resources:
        return not any(covers(each, pattern) for each in statement.resources if not each.unknowns)
    return any(may_overlap(each, pattern) for each in statement.resources)


def _matches(granted: str, action: str) -> bool:
    return _compiled(granted).fullmatch(action) is not None


@lru_cache(maxsize=1024)
def _compiled(granted: str) -> re.Pattern[str]:
    # IAM does not mind the letter case of actions.
    return re.compile(re.escape(granted).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE)

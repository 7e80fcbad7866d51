"""Services and operations that the catalogue does not have: misspelt, retired, or newer than it is."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.sdk.loading import other_names, service_names, service_of
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.need import Need, Phase
from sfn_least_privilege.policy.text import WILDCARD
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.sdk.loading import Service
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry

LIKELY = 0.8
"""From this similarity on, a name that does not exist may be a misspelling of the one that does."""

LONGEST = 100
"""No name in AWS is longer: what is, is compared with none."""

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html"
_MOST_SLIPS = 2


def unknown_service(name: str, inquiry: Inquiry) -> Iterator[Need | Finding]:
    """An error for another SDK's name, and for nearly one that exists; else a grant by convention, and a warning."""
    meant = other_names().get(name.lower(), [])
    near = _nearest(name.lower(), tuple(sorted(service_names())))
    slips = [near] if near and is_slip(name, near) else []
    if meant or slips:
        spelled = " or ".join(f"`aws-sdk:{each}:{inquiry.call.api}`" for each in meant or slips)
        yield inquiry.finding(rules.SERVICE_MISSPELT, service=name, hint=f"; did you mean {spelled}?")
        return
    hint = f" (there is `aws-sdk:{near}`)" if near else ""
    action = f"{name.lower()}:{_capitalised(inquiry.call.api)}"
    yield inquiry.finding(rules.BY_CONVENTION, action=action, hint=hint)
    yield _by_convention(action, _PAGE, inquiry)


def unknown_operation(service: Service, inquiry: Inquiry) -> Iterator[Need | Finding]:
    """An error for what cannot be called, or is nearly what can; else a grant by convention, and a warning."""
    api = inquiry.call.api
    known = _nearest(api.lower(), service.operation_names)
    spelled = f"{known[:1].lower()}{known[1:]}"
    action = f"{service.prefix}:{_capitalised(api)}"
    elsewhere = _elsewhere(service, api)
    if elsewhere or api.lower() in {each.lower() for each in service.permissions}:
        # Whoever names it wants the permission: it must not be had by writing down a call that does not exist.
        hint = f"; did you mean `aws-sdk:{elsewhere}:{api}`?" if elsewhere else ""
        yield inquiry.finding(rules.NO_OPERATION, action=action, hint=hint)
    elif known and is_slip(api, known):
        yield inquiry.finding(rules.OPERATION_MISSPELT, hint=f"; did you mean `{spelled}`?")
    elif not service.prefix:
        yield inquiry.finding(rules.NOTHING_NEEDED)
    else:
        hint = f" (there is `{spelled}`)" if known else ""
        rule = rules.SERVICE_RETIRED if service.retired else rules.BY_CONVENTION
        yield inquiry.finding(rule, action=action, hint=hint)
        yield _by_convention(action, service.documentation, inquiry)


def _elsewhere(service: Service, api: str) -> str:
    """Another service of the same prefix that has the operation."""
    siblings = [each for each in other_names().get(service.prefix, ()) if each != service.name]
    if service.prefix in service_names() and service.prefix != service.name:
        siblings.append(service.prefix)
    for each in siblings:
        sibling = service_of(each)
        if sibling is not None and sibling.operation(api) is not None:
            return each
    return ""


@lru_cache(maxsize=256)
def _nearest(written: str, names: tuple[str, ...]) -> str:
    """The name that is most like what is written; empty where none is. One machine may make a slip a thousand times."""
    if len(written) > LONGEST:
        return ""
    spelled = {each.lower(): each for each in names}
    near = get_close_matches(written, spelled, n=1, cutoff=LIKELY)
    return spelled[near[0]] if near else ""


def _by_convention(action: str, documentation: str, inquiry: Inquiry) -> Need:
    return Need((action,), Guarded(WILDCARD), Phase.RUN, inquiry.reason(documentation, Basis.ASSUMED))


def _capitalised(api: str) -> str:
    return api[:1].upper() + api[1:]


def is_slip(written: str, known: str) -> bool:
    """Whether a name is another one with a letter or two wrong, missing, too many or swapped.

    `listTabels` is; `listTablesV2` and `getObjectTorrent` may well be names to come.
    """
    left, right = written.lower(), known.lower()
    if left.startswith(right) or any(character.isdigit() and character not in right for character in left):
        return False
    return _distance(left, right) <= _MOST_SLIPS


def _distance(left: str, right: str) -> int:
    """How many letters must be put in, taken out, exchanged, or swapped with their neighbour."""
    above: list[int] = []
    row = list(range(len(right) + 1))
    for i, mine in enumerate(left, 1):
        before, row = row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (mine != other))
            is_swap = i > 1 and j > 1 and mine == right[j - 2] and left[i - 2] == other
            row.append(min(cost, above[j - 2] + 1) if is_swap else cost)
        above = before
    return row[-1]

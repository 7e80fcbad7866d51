"""The short notation of the catalogue's files, read into its model.

Targets stand side by side: ``*``, a template with ``{path|form}`` in it, or the name of one of the service's resource
types with its binding: ``queue=QueueUrl|queue``, ``task=cluster;tasks[]`` for two variables, ``role@RoleArn`` for an
argument that holds the ARN. A type without a binding has its usual one; ``?`` behind it says that a call may have none.
``~`` is the beginning of the service's own ARNs, to the account. ``*?`` is what is left where a call names none.
Members are spelled out, or a number stands for one that very many operations have.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.sdk.model import (
    Check,
    Grant,
    Operation,
    Path,
    Question,
    Role,
    Target,
    Untold,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.catalog.sdk.model import Slot, When

_UNLISTED = "?"
_NONE_NAMED = "*?"
_OWN = "~"
_DEPLOYMENT = frozenset({"Partition", "Region", "AccountId"})
_PLACEHOLDER = re.compile(r"\{((?:[^{}]|\{\})*)\}")
_TOKEN = re.compile(r"(?P<kind>[\w.-]+)(?P<optional>\??)(?P<binding>[@=].*)?")
_QUESTION = re.compile(r"(?P<not>!?)(?P<path>[\w.\[\]]+)(?:(?P<test>!=|!%|[=^%])(?P<value>.*))?")
_ROLE = "arn:{Partition}:iam::{AccountId}:role/{}"
_BASES = {"assumed": Basis.ASSUMED, "curated": Basis.ASSUMED, "documented": Basis.DOCUMENTED}


@dataclass(frozen=True, slots=True)
class Notation:
    """What the notation of one service's file rests on.

    ``types`` are its resource types: template and usual binding. ``common_members`` are those that have a number.
    """

    prefix: str
    types: Mapping[str, tuple[str, str]]
    common_members: Sequence[str] = ()


def operation(cells: Sequence[str], notation: Notation) -> Operation:
    """One line of a service's file, split at its tabs: name, targets, members, and what else there is, as JSON."""
    name, on, spelled, *more = cells
    targets = _Targets(f"arn:{{Partition}}:{notation.prefix}:{{Region}}:{{AccountId}}:", notation.types)
    extra: Mapping[str, Any] = json.loads(more[0].replace(_OWN, targets.own_arns)) if more else {}
    always = extra.get("do", ((f"{notation.prefix}:{name}", on),))
    granted = [targets.grant(action, each, "") for action, each in always]
    # Without targets of its own, a further action is granted on those of the first.
    granted += [targets.grant(action, each or always[0][1], when) for action, when, each in extra.get("also", ())]
    required, optional = (
        tuple(notation.common_members[int(each)] if each.isdigit() else each for each in half.split())
        for half in (spelled.partition("/")[0], spelled.partition("/")[2])
    )
    basis = extra.get("basis", "")
    return Operation(
        name=name,
        grants=tuple(granted),
        roles=tuple(map(_role, extra.get("roles", "").split())),
        untold=tuple(Untold(actions, situation, condition(when)) for actions, situation, when in extra.get("told", ())),
        members=(*required, *optional),
        lowered={each.lower(): each for each in (*required, *optional)},
        required=required,
        basis=_BASES.get(basis, Basis.DERIVED),
        assumed=basis == "assumed",
        curated=basis == "curated",
    )


def _role(text: str) -> Role:
    path, _, services = text.partition(">")
    read = path_of(path)
    return Role(Target(_ROLE, ((read,),), kind="role"), read, tuple(filter(None, services.split(","))))


@dataclass(frozen=True, slots=True)
class _Targets:
    """The notation of targets in one service's file."""

    own_arns: str
    types: Mapping[str, tuple[str, str]]

    def grant(self, action: str, on: str, when: str) -> Grant:
        if on == _UNLISTED:
            return Grant(action, (Target("*"),), condition(when), unlisted=True)
        return Grant(action, tuple(self._target(token) for token in on.split()), condition(when))

    def _target(self, token: str) -> Target:
        if token == _NONE_NAMED:
            return Target("*", always=False)
        match = _TOKEN.fullmatch(token)
        if match is None or match["kind"] not in self.types:
            return inline(token.replace(_OWN, self.own_arns))
        written, usual = self.types[match["kind"]]
        template = written.replace(_OWN, self.own_arns)
        binding = match["binding"] or usual
        arns, _, slots = binding.removeprefix("@").partition("=") if binding.startswith("@") else ("", "", binding[1:])
        variables = template.count("{}")
        filled = [_slot(each) for each in slots.split(";")] if variables else []
        filled += [()] * (variables - len(filled))
        return Target(template, tuple(filled), _slot(arns), match["kind"], always=not match["optional"])


def inline(template: str) -> Target:
    """A template whose variables are paths: ``arn:{Partition}:s3:::{Bucket}/{Key}``."""
    slots: list[Slot] = []

    def take(match: re.Match[str]) -> str:
        if match[1] in _DEPLOYMENT:
            return match[0]
        slots.append(_slot(match[1]))
        return "{}"

    return Target(_PLACEHOLDER.sub(take, template), tuple(slots))


def _slot(text: str) -> Slot:
    return tuple(path_of(each) for each in text.split(",") if each)


@lru_cache(maxsize=1024)
def path_of(text: str) -> Path:
    """A path with its marks: ``Name^`` takes an ARN too, ``Name|form``, ``Name|form|=default``."""
    path, *marks = text.split("|")
    form = next((each for each in marks if not each.startswith("=")), "")
    default = next((each[1:] for each in marks if each.startswith("=")), None)
    bare = path.rstrip("^")
    return Path(bare, tuple(bare.split(".")), path.endswith("^"), form, default)


@lru_cache(maxsize=1024)
def condition(text: str) -> When:
    """``a&!b/c=value``: questions, all of which must be answered with yes, and alternatives."""
    if not text:
        return ()
    return tuple(tuple(_question(each) for each in part.split("&")) for part in text.split("/"))


def _question(text: str) -> Question:
    match = _QUESTION.fullmatch(text)
    if match is None:
        message = f"{text!r} is no condition of the catalogue"
        raise ValueError(message)
    path = path_of(match["path"])
    if match["test"]:
        return Question(path, Check(match["test"]), match["value"].lower())
    return Question(path, Check(match["not"]))

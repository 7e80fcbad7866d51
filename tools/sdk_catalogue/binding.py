"""From a resource type's ARN template and an operation's members to a binding: which member fills which variable.

Scores are those of the study that the catalogue rests on: a member that cannot be told from its name scores below
the threshold and leaves its variable open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sdk_catalogue.words import joined, naming, singular, stem, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sdk_catalogue.sources import Member, Operation

THRESHOLD = 50
CLEAR = 60
"""An ARN that scores less is one for want of any other."""

DEPTH_COST = 20
REQUIRED_BONUS = 3
MOST_ALTERNATIVES = 3
NEAR = 20
"""Alternatives that score this much lower than the best are no alternatives."""

WHOLE = "@"
"""Not a variable: the alias of the whole ARN."""

DEPLOYMENT = frozenset({"Partition", "Region", "Account"})
VARIABLE = re.compile(r"\$\{(\w+)\}")
_GENERIC = frozenset({"id", "name", "resourceid", "resourcename", "identifier", "uuid", "guid", "resourcepath"})
_SERVER_MADE = frozenset({"id", "uuid", "guid"})
_MAKING = frozenset({"create", "run", "import", "allocate", "request", "register"})
_GENERIC_ARNS = frozenset({"resource", "target"})
_OTHERS = ("role", "key", "secret", "certificate", "topic")
_SHORTEST_ENDING = 3


@dataclass(frozen=True, slots=True)
class Binding:
    """How the ARN of one resource type is made: from members that hold it whole, or variable by variable.

    ``arns`` and each of ``variables`` hold members' paths, best first; a variable without any is open.
    """

    template: str
    arns: tuple[str, ...] = ()
    variables: tuple[tuple[str, ...], ...] = ()

    @property
    def is_bound(self) -> bool:
        """Whether any member names the resource, or the template has nothing to name."""
        return bool(self.arns) or not self.variables or any(self.variables)

    @property
    def is_complete(self) -> bool:
        """Whether no variable is left open."""
        return bool(self.arns) or all(self.variables)


def variables_of(template: str) -> tuple[str, ...]:
    """The variables of a template that are not the deployment's, in order."""
    return tuple(name for name in VARIABLE.findall(template) if name not in DEPLOYMENT)


def bind(
    template: str,
    resource_type: str,
    operation: Operation,
    aliases: Mapping[str, Sequence[str]],
    count: int = 1,
) -> Binding:
    """The binding of a resource type in an operation. ``aliases`` gives known members of a variable, best first.

    ``count`` is how many resource types the operation's action has.
    """
    names = variables_of(template)
    scene = _Scene(operation, _plain(resource_type), names, count)
    is_open = bool(names) or template.endswith("*")
    arns = _aliased(aliases.get(WHOLE, ()), operation)
    arn_scores = [(scene.arn_score(each), each) for each in operation.strings]
    clear = [(score, each) for score, each in arn_scores if score >= CLEAR]
    arn_scores = clear or arn_scores
    if is_open and not arns:
        arns = _best(arn_scores)
    scored = [
        [(scene.variable_score(name, i, each), each) for each in operation.strings] for i, name in enumerate(names)
    ]
    slots = [
        _aliased(aliases.get(name, ()), operation) or _best(_own(scored, index)) for index, name in enumerate(names)
    ]
    if any(slots) and not clear and (scene.makes or not scene.is_about_any):
        # An ARN of whatever resource is another one's where a name is given as well.
        arns = _aliased(aliases.get(WHOLE, ()), operation)
    # A form reads ARNs as well; what holds the whole ARN says nothing more of a variable.
    arns = tuple(path for path in arns if not any(each.startswith(f"{path}|") for slot in slots for each in slot))
    return Binding(template, arns, tuple(tuple(path for path in slot if path not in arns) for slot in slots))


def _own(scored: list[list[tuple[int, Member]]], index: int) -> list[tuple[int, Member]]:
    """The scores of one variable, without members that fit another variable of the template better."""
    others = [row for number, row in enumerate(scored) if number != index]
    return [
        (score, member)
        for number, (score, member) in enumerate(scored[index])
        if all(row[number][0] <= score and (row[number][0] < score or not row[number][0]) for row in others)
        or not score
    ]


def _aliased(paths: Sequence[str], operation: Operation) -> tuple[str, ...]:
    known = {each.path.lower(): each.path for each in operation.strings}
    found = []
    for path in paths:
        if path.startswith("!") and found:
            continue
        bare, bar, form = path.removeprefix("!").partition("|")
        if bare.lower() in known:
            found.append(known[bare.lower()] + bar + form)
    return tuple(found)


def _best(scored: Sequence[tuple[int, Member]]) -> tuple[str, ...]:
    ranked = sorted(((score, each) for score, each in scored if score >= THRESHOLD), key=lambda pair: -pair[0])
    return tuple(each.path for score, each in ranked[:MOST_ALTERNATIVES] if score > ranked[0][0] - NEAR)


def _plain(name: str) -> str:
    return singular(re.sub(r"[^a-z0-9]", "", name.lower()))


class _Scene:
    """What scoring a member depends on beyond the member itself."""

    def __init__(self, operation: Operation, resource_type: str, names: tuple[str, ...], count: int) -> None:
        self.is_only = count == 1
        self.type = resource_type
        self.type_stem = stem(resource_type) or resource_type
        self.names = names
        found = words(operation.name)
        self.noun = joined("".join(each.title() for each in found[1:]))
        self.makes = found[0] in _MAKING
        self.is_about_any = bool({"tag", "tags", "policy"} & set(found)) or found[0] in {"tag", "untag"}
        required = [each for each in operation.strings if each.required and each.depth == 1]
        arns = [each for each in required if each.only_arn and not stem(each.name).endswith(_OTHERS)]
        self.single_arn = arns[0].path if len(arns) == 1 else ""
        self.single_string = required[0].path if len(required) == 1 else ""

    def arn_score(self, member: Member) -> int:
        """How well a member's name says that it holds the ARN of this type of resource."""
        if not member.only_arn or member.is_number or member.is_choice or member.path.endswith("{}"):
            return 0
        about = stem(member.name)
        targets = {self.type, self.type_stem, stem(self.names[-1]) if self.names else ""} - {""}
        score = 0
        if about in targets:
            score = 92
        elif not about and member.depth == 1 and self._is_noun():
            score = 90
        elif about and any(_ends(about, each) for each in targets):
            score = 73
        elif self._is_only_arn(member, about):
            score = 52
        elif about in _GENERIC_ARNS and self.is_about_any:
            score = 50 + DEPTH_COST * (member.depth - 1)
        return _adjusted(score, member)

    def _is_only_arn(self, member: Member, about: str) -> bool:
        """Whether a member holds the resource's ARN for want of another one that could."""
        if member.path == self.single_arn:
            return not about or about in _GENERIC_ARNS or about == "source" or self._begins(about)
        return about in _GENERIC_ARNS and member.required and member.depth == 1 and "[]" not in member.path

    def variable_score(self, name: str, index: int, member: Member) -> int:
        """How well a member's name says that it holds this variable."""
        if member.path.endswith("{}") or member.is_choice or member.only_arn:
            return 0
        if member.is_number and joined(name) != joined(member.name):
            return 0
        is_last = index == len(self.names) - 1
        wanted, about = stem(name), stem(member.name)
        if member.depth > 1 and naming(name) == "id" and self.makes and self._is_noun():
            # What is being made has no id yet: it is another one's.
            return 0
        score = 0
        if joined(name) == joined(member.name) and (about or self._is_noun() or is_last):
            score = 95 if about else 72 if self._is_noun() else 62 if member.path == self.single_string else 0
        elif _is_generic(name) and is_last:
            score = self._generic_score(name, member, about)
        elif naming(name) == "id" and naming(member.name) == "name":
            score = 0
        elif about and wanted and about == wanted:
            score = 85
        elif not about and is_last:
            score = self._bare_score(name, member)
        elif about and ((wanted and _ends(about, wanted)) or (is_last and about in {self.type, self.type_stem})):
            score = 60
        return _adjusted(score, member)

    def _generic_score(self, name: str, member: Member, about: str) -> int:
        if naming(member.name) == "name" and "".join(words(name)) in _SERVER_MADE:
            return 0
        if about and about in {self.type, self.type_stem}:
            return 90
        if about and _ends(about, self.type_stem):
            return 70
        return 0 if about else self._bare_score(name, member)

    def _bare_score(self, name: str, member: Member) -> int:
        """`Name`, `Id`, `Arn`: whose, only the operation can tell."""
        if naming(member.name) == "name" and "".join(words(name)) in _SERVER_MADE:
            return 0
        if naming(member.name) not in {"name", "id", "arn"} or member.depth > 1:
            return 0
        if self.makes and naming(member.name) == "name" and "".join(words(name)) == "resourceid":
            # What is being made gets its id from the service.
            return 0
        if self._is_noun():
            return 72
        is_part = len(self.type) >= _SHORTEST_ENDING and self.noun.startswith(self.type) and member.required
        return 62 if member.path == self.single_string or is_part else 0

    def _begins(self, about: str) -> bool:
        """Whether it is a part of the resource, such as a version, whose ARN begins as the resource's does."""
        return (
            self.is_only and len(self.names) <= 1 and about.startswith(self.type) and len(self.type) >= _SHORTEST_ENDING
        )

    def _is_noun(self) -> bool:
        return self.noun in {self.type, self.type_stem, stem(self.names[-1]) if self.names else ""}


def _is_generic(name: str) -> bool:
    return "".join(words(name)) in _GENERIC


def _ends(left: str, right: str) -> bool:
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= _SHORTEST_ENDING and longer.endswith(shorter)


def _adjusted(score: int, member: Member) -> int:
    if not score:
        return 0
    return score + (REQUIRED_BONUS if member.required else 0) - DEPTH_COST * (member.depth - 1)

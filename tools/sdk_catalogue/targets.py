"""What an action is granted on in an operation, in the short notation of the catalogue's files.

The notation is described where it is read: `src/policy/catalog/sdk/reading.py`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdk_catalogue.binding import Binding, bind, variables_of
from sdk_catalogue.exceptions import catalogue_template
from sdk_catalogue.words import joined, naming, words

if TYPE_CHECKING:
    from sdk_catalogue.facts import Facts
    from sdk_catalogue.sources import Action, Operation, Prefix

SAME_FOR_MANY = 3
"""From so many resource types on that one member names, they are written as one: whatever ARN it holds."""

MANY = 8
"""From so many resource types on, none of which any member names, they are written as one."""

UNLISTED = "?"
"""The target of an action whose resource types nobody lists."""

NONE_NAMED = "*?"
"""The target of a call that names none of the resources that the action could be limited to."""

_BARE = re.compile(r"\{((?:\w|[.\[\]])+)\}")
_IN_BRACES = re.compile(r"\{((?:[^{}]|\{\})*)\}")

COPYING = ("Copy", "Clone", "Duplicate", "Fork")
MAKING = ("Create", "Run", "Import", "Allocate", "Request", "Register")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource type of an action. ``is_always`` says that each call has one."""

    label: str
    binding: Binding
    is_always: bool


@dataclass(slots=True)
class Targets:
    """Writes the targets of one service's file, and collects the resource types that it names on the way."""

    prefixes: dict[str, Prefix]
    facts: Facts
    templates: dict[str, str] = field(default_factory=dict)
    bindings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def written_out(self, action: str, on: str, operation: Operation) -> str:
        """Targets that the facts write out; what a bare argument can hold, the resource types of the action say."""
        path = _BARE.fullmatch(on)
        prefix_name, _, name = action.partition(":")
        prefix = self.prefixes.get(prefix_name)
        listed = prefix.actions.get(name.lower()) if prefix is not None else None
        if path is not None and prefix is not None and listed is not None and listed.types:
            templates = [each for type_name in listed.types for each in prefix.types.get(type_name, ["*"])]
            template = templates[0] if len(templates) == 1 else _common(templates)
            label = re.sub(r"\W", "-", next(iter(listed.types))) if len(templates) == 1 else "any"
            return self._written([Candidate(label, Binding(template, (path[1],)), is_always=True)], operation)
        return marked(on, operation)

    def of_action(self, action: str, operation: Operation) -> str:
        """The targets of an action by its own resource types; ``*`` where it has none."""
        prefix_name, _, name = action.partition(":")
        prefix = self.prefixes.get(prefix_name)
        listed = prefix.actions.get(name.lower()) if prefix is not None else None
        if prefix is None or listed is None:
            return UNLISTED
        if not listed.types:
            return "*"
        found = [
            candidate
            for type_name in listed.types
            for candidate in self._candidates(prefix, listed, type_name, operation)
        ]
        written = self._written(found, operation)
        return f"{written} {NONE_NAMED}" if _may_name_none(found, operation) else written

    def usual(self) -> dict[str, str]:
        """The binding that each resource type has most often."""
        return {name: counted.most_common(1)[0][0] for name, counted in self.bindings.items()}

    def _candidates(
        self,
        prefix: Prefix,
        action: Action,
        type_name: str,
        operation: Operation,
    ) -> list[Candidate]:
        required = action.types[type_name]
        by_hand = self._template_by_hand(prefix.name, type_name, operation)
        always = self._always(prefix, action).get(type_name)
        found = []
        for template in [by_hand] if by_hand is not None else prefix.types.get(type_name, ["*"]):
            aliases = _aliases(prefix.name, type_name, self.facts)
            bound = bind(template, type_name, operation, aliases, len(action.types))
            if required is None:
                # Nobody says whether each call has one: assumed where no argument can tell.
                required = not any(bound.variables) and not bound.arns
            is_always = (required or _is_made(type_name, operation)) if always is None else always
            found.append(Candidate(re.sub(r"\W", "-", type_name).strip("-"), bound, is_always))
        return found

    def _template_by_hand(self, prefix: str, type_name: str, operation: Operation) -> str | None:
        known = self.facts.bindings["types"].get(prefix, {})
        with_members = (f"{type_name}+{member}" for member in operation.members)
        found: str | None = next((known[each] for each in with_members if each in known), known.get(type_name))
        return found

    def _always(self, prefix: Prefix, action: Action) -> dict[str, bool]:
        known = self.facts.bindings["always"]
        of_verb = known.get(f"{prefix.name}:{words(action.name)[0]}*", False) if action.name else False
        return dict.fromkeys(action.types, True) if of_verb else known.get(f"{prefix.name}:{action.name}", {})

    def _written(self, found: list[Candidate], operation: Operation) -> str:
        if len(found) > MANY and not any(each.binding.is_bound for each in found):
            return catalogue_template(_common([each.binding.template for each in found])).replace("{}", "*")
        tokens: dict[str, None] = {}
        for each in _with_alike_as_one(found):
            label = self._label(each)
            for binding in (
                (each.binding, Binding(each.binding.template)) if _is_copied(each, operation) else (each.binding,)
            ):
                written = _written_binding(binding, operation)
                self.bindings[label][written] += 1
                tokens[f"{label}{'' if each.is_always else '?'}{written}"] = None
        return " ".join(tokens)

    def _label(self, candidate: Candidate) -> str:
        """A name for the resource type that is no other type's in this file."""
        template = _numbered(candidate.binding.template)
        label, number = candidate.label, 1
        while self.templates.setdefault(label, template) != template:
            number += 1
            label = f"{candidate.label}-{number}"
        return label


def _may_name_none(found: list[Candidate], operation: Operation) -> bool:
    """Whether a call may name no resource at all: no type is always there, and arguments could have named one.

    Where no argument could, but a required one is an id or a name, this may name the resource in a way not understood.
    """
    if any(each.is_always for each in found):
        return False
    if any(each.binding.is_bound for each in found):
        return True
    return not any(each.required and each.depth == 1 and naming(each.name) for each in operation.strings)


def marked(on: str, operation: Operation) -> str:
    """Targets that are written out, with the mark of arguments that take ARNs as well as names."""
    taking = {each.path for each in operation.strings if each.takes_arn}

    def mark(match: re.Match[str]) -> str:
        return "{" + ",".join(_marked_path(each, taking) for each in match[1].split(",")) + "}"

    return _IN_BRACES.sub(mark, on)


def _marked_path(text: str, taking: set[str]) -> str:
    path, bar, rest = text.partition("|")
    has_form = bool(rest) and not rest.startswith("=")
    return path + "^" * (path in taking and not has_form) + bar + rest


def _with_alike_as_one(found: list[Candidate]) -> list[Candidate]:
    """Resource types that one and the same member holds the ARN of, as one."""
    groups: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for each in found:
        if each.binding.arns and not any(each.binding.variables):
            groups[each.binding.arns].append(each)
    merged: list[Candidate] = []
    for each in found:
        alike = groups.get(each.binding.arns, [])
        if len(alike) < SAME_FOR_MANY or each not in alike:
            merged.append(each)
        elif each is alike[0]:
            template = _common([other.binding.template for other in alike])
            merged.append(Candidate("any", Binding(template, each.binding.arns), is_always=True))
    return merged


def _is_made(type_name: str, operation: Operation) -> bool:
    """Whether the operation makes a resource of the type: a call that makes one always has one."""
    noun = re.sub(r"^[A-Z][a-z]+", "", operation.name)
    return operation.name.startswith(MAKING) and joined(type_name) == joined(noun)


def _is_copied(candidate: Candidate, operation: Operation) -> bool:
    """Whether the operation makes another resource of the type, whose name the caller does not give."""
    paths = [path.lower() for slot in candidate.binding.variables for path in slot]
    is_making = operation.name.startswith(COPYING) or _is_made(candidate.label, operation)
    return is_making and bool(paths) and all(path.startswith("source") for path in paths)


def _written_binding(bound: Binding, operation: Operation) -> str:
    taking = {each.path for each in operation.strings if each.takes_arn}
    arns = "@" + ",".join(bound.arns) if bound.arns else ""
    slots = ";".join(",".join(_marked_path(path, taking) for path in paths) for paths in bound.variables).rstrip(";")
    return arns + (f"={slots}" if slots or not arns else "")


def _aliases(prefix: str, type_name: str, facts: Facts) -> dict[str, list[str]]:
    known = facts.bindings["aliases"].get(prefix, {})
    plain = {key: value for key, value in known.items() if "." not in key}
    return plain | {
        key.removeprefix(f"{type_name}."): value for key, value in known.items() if key.startswith(f"{type_name}.")
    }


def _numbered(template: str) -> str:
    """The template with `{}` for each of its variables: a binding gives them in order."""
    for name in variables_of(template):
        template = template.replace("${" + name + "}", "{}", 1)
    return catalogue_template(template)


def _common(templates: list[str]) -> str:
    """A template for all of them: the fields that they have in common."""
    columns = zip(*(each.split(":", 5)[:5] for each in templates), strict=True)
    return ":".join([*(column[0] if len(set(column)) == 1 else "*" for column in columns), "{}"])


def shortened(text: str, usual: dict[str, str]) -> str:
    """Targets without the binding that their type has most often."""
    return " ".join(_short(token, usual) for token in text.split())


def _short(token: str, usual: dict[str, str]) -> str:
    name = type_of(token)
    binding = token[len(name) :]
    if name in usual and binding.removeprefix("?") == usual[name]:
        return name + "?" * binding.startswith("?")
    return token


def type_of(token: str) -> str:
    """The resource type that a target names; empty where it is written out."""
    if token.startswith(("arn:", "{", "*", "~")) or token == UNLISTED:
        return ""
    return re.split(r"[?@=]", token, maxsplit=1)[0]

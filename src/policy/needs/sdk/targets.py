"""From a target of the catalogue and a task's arguments to the ARNs that a call is authorised on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.catalog.sdk.forms import FORMS
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named, reason_of
from sfn_least_privilege.policy.needs.sdk.naming import may_be_arn, named_by, why
from sfn_least_privilege.policy.needs.sdk.values import certainly_given, certainly_missing, together
from sfn_least_privilege.policy.text import WILDCARD, Literal, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Path, Slot, Target
    from sfn_least_privilege.policy.conditions import Condition
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Guards, Value

_TOO_MANY = "it can be more values than are told apart"


@dataclass(frozen=True, slots=True)
class Touched:
    """An ARN pattern that a call touches, under template conditions and IAM's.

    ``arguments`` are those that leave a part of it unknown, and ``breadth`` says why; both are empty when nothing is.
    ``is_open`` says that a part of it is one that no argument of the task tells; ``not_given`` are those that could.
    """

    pattern: Text
    guards: Guards = ()
    conditions: tuple[Condition, ...] = ()
    arguments: tuple[str, ...] = ()
    breadth: str = ""
    is_open: bool = False
    not_given: tuple[str, ...] = ()


def is_given(target: Target, arguments: Arguments) -> bool:
    """Whether the task may give what names this resource: its ARN, or every argument that the template is made of.

    Raises ExpressionSyntaxError.
    """
    if _present(target.arns, arguments):
        return True
    if not target.slots:
        return not target.template.endswith("*")
    return all(_present(slot, arguments) for slot in target.slots)


def is_given_in_part(target: Target, arguments: Arguments) -> bool:
    """Whether the task may give every argument there is for a template some of whose variables none can fill.

    Raises ExpressionSyntaxError.
    """
    fillable = [slot for slot in target.slots if slot]
    return bool(fillable) and all(_present(slot, arguments) for slot in fillable)


def is_certain(target: Target, arguments: Arguments) -> bool:
    """Whether the task certainly gives what names this resource. Raises ExpressionSyntaxError."""
    if any(certainly_given(path, arguments) for path in target.arns):
        return True
    return all(any(certainly_given(path, arguments) for path in slot) for slot in target.slots if slot)


def touched_by(target: Target, arguments: Arguments, deployment: Deployment) -> tuple[Touched, ...]:
    """Every resource that a target is for a task with these arguments. Raises ExpressionSyntaxError."""
    arns = _present(target.arns, arguments)
    found = [each for path in arns for each in _by_arn(target, path, arguments, deployment)]
    # Where the ARN is given, a name that is given as well may be another one's.
    if not arns or (any(target.slots) and all(_present(slot, arguments) for slot in target.slots)):
        found += _by_names(target, arguments, deployment)
    return _once(found)


def _once(found: list[Touched]) -> tuple[Touched, ...]:
    """Without repetition; hashing what is only one would cost more than all the rest."""
    return tuple(found) if len(found) == 1 else tuple(dict.fromkeys(found))


def any_of(target: Target, deployment: Deployment) -> Touched:
    """Any resource of the target's type."""
    pattern = arn.build(target.template, deployment, *[WILDCARD] * len(target.slots))
    names = tuple(dict.fromkeys(slot[0].text for slot in (*target.slots, target.arns) if slot))
    return Touched(pattern, is_open=True, not_given=names)


def _present(slot: Slot, arguments: Arguments) -> Slot:
    return tuple(path for path in slot if path.default is not None or not certainly_missing(path, arguments))


def _by_arn(target: Target, path: Path, arguments: Arguments, deployment: Deployment) -> Iterator[Touched]:
    found = together((path,), arguments)
    if found is None:
        yield _of_any(target, deployment, Unknown(_TOO_MANY), (path,))
        return
    for guards, (value,) in found:
        if isinstance(value, Missing):
            continue
        text = as_text(value)
        for named in FORMS[path.form](text, deployment) if path.form else (_whole(text, target, deployment),):
            yield _touched(named.text, guards, named.conditions, (path,))


def _whole(text: Text, target: Target, deployment: Deployment) -> Named:
    """An argument that holds an ARN; where that cannot be seen, any resource of the type, in any account."""
    reference = text.reference
    if is_arn(text):
        first = text.parts[0]
        if isinstance(first, Literal) and text.unknowns and first.value.count(":") < arn.RESOURCE:
            return Named(_any(target, deployment, text.unknowns[0]))
        return Named(text)
    if reference is not None:
        return Named(text if reference.arn is None else reference.arn)
    if text.literal is not None and len(target.slots) == 1:
        # No ARN, though one belongs here: a name perhaps.
        return Named(arn.build(target.template, deployment, text))
    return Named(_any(target, deployment, reason_of(text, "its beginning is not known here")))


def _any(target: Target, deployment: Deployment, reason: Unknown) -> Text:
    open_part = Text((reason,))
    if target.slots:
        return arn.build(target.template, deployment, *[open_part] * len(target.slots), account_id=open_part)
    # The template ends in what is not known.
    parts = arn.build(target.template, deployment, account_id=open_part).parts
    return Text.of(*(reason if isinstance(part, Wildcard) else part for part in parts))


def _of_any(target: Target, deployment: Deployment, reason: Unknown, paths: Sequence[Path]) -> Touched:
    return _touched(_any(target, deployment, reason), (), (), paths)


def _by_names(target: Target, arguments: Arguments, deployment: Deployment) -> Iterator[Touched]:
    if not target.slots:
        yield from _filled(target, (), (), deployment)
        return
    choices: list[tuple[Path | None, ...]] = [_present(slot, arguments) or (None,) for slot in target.slots]
    for chosen in product(*choices):
        paths = tuple(path for path in chosen if path is not None)
        found = together(paths, arguments) if paths else [((), ())]
        if found is None:
            yield _of_any(target, deployment, Unknown(_TOO_MANY), paths)
            continue
        for guards, values in found:
            by_path = dict(zip(paths, values, strict=True))
            filled = [(path, _text_of(path, by_path[path]) if path is not None else None) for path in chosen]
            # Where one argument is not given, another one says it; an item of a list may be of another kind.
            if any(
                text is None and path is not None and (len(others) > 1 or "[]" in path.text)
                for (path, text), others in zip(filled, choices, strict=True)
            ):
                continue
            yield from _filled(target, filled, guards, deployment)


def _text_of(path: Path, value: Value) -> Text | None:
    if not isinstance(value, Missing):
        return as_text(value)
    return None if path.default is None else Text.of(path.default)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An ARN in the making: the one that a value brought with it, if any did, and the variables filled since."""

    whole: Text | None = None
    is_complete: bool = False
    bridge: str = ""
    filled: tuple[Text, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def with_named(self, named: Named) -> _Draft:
        conditions = self.conditions + named.conditions
        if named.is_arn:
            return _Draft(named.text, named.is_complete, named.bridge, (), conditions)
        return _Draft(self.whole, self.is_complete, self.bridge, (*self.filled, named.text), conditions)

    def finished(self, template: str, deployment: Deployment, account: Text | None) -> Text:
        if self.whole is None:
            return arn.build(template, deployment, *self.filled, account_id=account)
        if self.is_complete or (not self.filled and template.endswith("{}")):
            return self.whole
        behind = template.split("{}")[-len(self.filled) - 1 :]
        tail = arn.build("{}".join(behind), deployment, *self.filled)
        return Text.of(self.whole, self.bridge if tail.parts else "", tail)


def _filled(
    target: Target,
    slots: Sequence[tuple[Path | None, Text | None]],
    guards: Guards,
    deployment: Deployment,
) -> Iterator[Touched]:
    """The ARNs of one value for each variable: every combination of what the values can name."""
    drafts = [_Draft()]
    account: Text | None = None
    is_open = not slots and target.template.endswith("*")
    for index, (path, text) in enumerate(slots):
        if path is None or text is None:
            is_open = True
            nameds: tuple[Named, ...] = (Named(WILDCARD),)
        else:
            nameds = named_by(text, path, target, index, deployment)
            if may_be_arn(text, path):
                account = Text((why(text),))
        drafts = [draft.with_named(named) for draft in drafts for named in nameds]
    given = [(path, text) for path, text in slots if path is not None and text is not None]
    unknown = [path for path, text in given if text.literal is None] or [path for path, _ in given]
    pairs = zip(slots, target.slots, strict=True)
    not_given = tuple(known[0].text for (_, text), known in pairs if text is None and known) if is_open else ()
    for draft in drafts:
        pattern = draft.finished(target.template, deployment, account)
        found = _touched(pattern, guards, draft.conditions, unknown)
        yield replace(found, is_open=is_open, not_given=not_given) if is_open else found


def _touched(
    pattern: Text,
    guards: Guards,
    conditions: tuple[Condition, ...],
    paths: Sequence[Path],
) -> Touched:
    reasons = dict.fromkeys(part.reason for part in pattern.unknowns)
    names = tuple(dict.fromkeys(path.text for path in paths)) if reasons else ()
    return Touched(pattern, guards, conditions, names, "; ".join(reasons))

"""The ARN of what an argument names by its name or by its ARN: the form that most arguments have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_MARK = "arn:"


def name_or_arn(text: Text, template: str, deployment: Deployment) -> Text:
    """An ARN as it is, a name put into ``template``, and where it may be either a pattern that covers both."""
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return reference.arn
    begins_as_arn = is_arn(text)
    if begins_as_arn:
        return whole_arn(text, template, deployment)
    if begins_as_arn is False and (reference is None or reference.kind is not Kind.URL):
        return arn.build(template, deployment, text)
    return _either(text, template, deployment)


def is_arn(text: Text) -> bool | None:
    """Whether a string is an ARN; None where its beginning is not known here."""
    first = text.parts[0] if text.parts else Literal("")
    if isinstance(first, Literal):
        begun = first.value[: len(_MARK)]
        if begun == _MARK:
            return True
        return None if len(text.parts) > 1 and begun and _MARK.startswith(begun) else False
    if not isinstance(first, Reference):
        return None
    if first.kind is Kind.ARN:
        return True
    if first.sample is not None:
        return first.sample.startswith(_MARK)
    return None if first.kind is Kind.UNKNOWN else False


def anything_of(template: str, deployment: Deployment, reason: str) -> Text:
    """Every resource of the template's type, in any account: an argument may name another account's.

    The region stays, because Step Functions makes no calls across regions:
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
    """
    return arn.build(template, deployment, unknown(reason), account_id=unknown(reason))


def whole_arn(text: Text, template: str, deployment: Deployment) -> Text:
    """An ARN with every field that IAM wants to see; what an unknown part may have swallowed is as wide as it is."""
    colons = sum(part.value.count(":") for part in text.parts if isinstance(part, Literal))
    first = text.parts[0]
    if colons >= arn.RESOURCE or not text.unknowns or (isinstance(first, Reference) and first.kind is Kind.ARN):
        return text
    return anything_of(template, deployment, text.unknowns[0].reason)


def why_open(reference: Reference) -> str:
    """Why nobody can tell here whether a reference is a name or an ARN."""
    shown = f"{reference.function} {reference.argument}"
    return f"the value of `{shown}` is not known here: it may be a name or an ARN"


def _either(text: Text, template: str, deployment: Deployment) -> Text:
    first, *others = text.parts
    if isinstance(first, Reference):
        first = Unknown(why_open(first))
    elif isinstance(first, Literal):
        # `a…` can go on as a name or as `arn:`, so that the beginning says nothing.
        first = text.unknowns[0] if text.unknowns else Unknown("it may be a name or an ARN")
    named = Text.of(first, *_name_behind(others, template, deployment))
    return arn.build(template, deployment, named, account_id=Text((first,)))


def _name_behind(others: list[Part], template: str, deployment: Deployment) -> list[Part]:
    """What is certainly the name's behind an unknown beginning, which may be an ARN's as far as into its resource.

    Of ``…:role/worker`` and ``…role/worker`` that is ``worker``; of ``…-orders-…`` it is all.
    """
    head, _, _ = template.partition("{}")
    end = head.rpartition("}")[2]
    spoken = spell(arn.build(head, deployment))
    holes = [index for index, part in enumerate(others) if isinstance(part, Unknown)]
    last_hole = holes[-1] if holes else -1
    for index in range(len(others) - 1, -1, -1):
        part = others[index]
        size = _reaching(part.value, end) if isinstance(part, Literal) else 0
        if isinstance(part, Literal) and size:
            return [Literal(part.value[size:]), *others[index + 1 :]]
        if index < last_hole and _may_be_in(part, spoken):
            return others[next(hole for hole in holes if hole > index) :]
    return others


def _may_be_in(part: Part, head: str) -> bool:
    """Whether a part may stand in an ARN before its resource."""
    return isinstance(part, Reference) or (isinstance(part, Literal) and (":" in part.value or part.value in head))


def _reaching(follows: str, end: str) -> int:
    """How much of a string says what the template says before the name, the colon before it or not."""
    if end in follows:
        return follows.rfind(end) + len(end)
    bare = end.removeprefix(":")
    return len(bare) if follows.startswith(bare) else 0

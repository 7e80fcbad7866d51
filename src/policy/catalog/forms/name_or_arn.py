"""The ARN of what an argument names by its name or by its ARN: the form that most arguments have."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.rendering import intrinsic, render_string, spell
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_MARK = "arn:"
_ACCOUNT = 4
# Resources that are named by one word, without a colon in front of it or inside.
_ONE_NAME = re.compile(r"arn:\{Partition\}:[^:{}]+:(?:\{Region\})?:\{AccountId\}:[^:{}]*\{\}")
# Not so a dynamic reference, which CloudFormation replaces only after it has taken the string apart.
TAKEN_APART = frozenset({"Fn::ImportValue", "Fn::GetAtt", "Fn::GetStackOutput", "Ref"})


def name_or_arn(text: Text, template: str, deployment: Deployment) -> Text:
    """An ARN as it is, a name put into ``template``, and where it may be either a pattern that covers both.

    No name of this type has a colon, so that CloudFormation can tell them apart where nothing is known here.
    """
    reference = text.reference
    taken_apart = reference is not None and reference.function in TAKEN_APART and _ONE_NAME.fullmatch(template)
    if reference is not None and taken_apart and reference.arn is None and is_arn(text) is None:
        return _at_deployment(reference, template, deployment)
    return qualified_name_or_arn(text, template, deployment)


def qualified_name_or_arn(text: Text, template: str, deployment: Deployment) -> Text:
    """As :func:`name_or_arn`, for names that may go on behind a colon: with a revision or a version."""
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return reference.arn
    begins_as_arn = is_arn(text)
    if begins_as_arn:
        return whole_arn(text, template, deployment)
    if begins_as_arn is False and (reference is None or reference.kind is not Kind.URL):
        return arn.build(template, deployment, text)
    return _either(text, template, deployment)


def arn_only(text: Text, template: str, deployment: Deployment) -> Text:
    """As :func:`name_or_arn`, for an argument that takes no names: a reference of which nothing is known is an ARN."""
    reference = text.reference
    if reference is not None and reference.arn is None and is_arn(text) is None:
        return text
    return name_or_arn(text, template, deployment)


def fields_at_deployment(reference: Reference, resource: str, deployment: Deployment) -> tuple[Text, Text]:
    """Account and resource of what a value names of which only deployment knows whether it is an ARN.

    Behind an ARN, ``::::account:resource…`` changes none of its fields; behind a name, it makes the fields that an ARN
    has. ``resource`` is what stands before the name: ``table/``. A name that holds a colon would spoil it.
    """
    written = intrinsic(reference)
    pieces = [written, "::::", render_string(deployment.account_id), f":{resource}", written]
    filled = Reference("Fn::Join", json.dumps(["", pieces], sort_keys=True, separators=(",", ":")))
    account, named = (Text((arn.select(field, ":", filled),)) for field in (_ACCOUNT, arn.RESOURCE))
    return account, named


def _at_deployment(reference: Reference, template: str, deployment: Deployment) -> Text:
    head, resource = template.removesuffix("{}").split("{AccountId}:")
    account, named = fields_at_deployment(reference, resource, deployment)
    return arn.build(f"{head}{{AccountId}}:{{}}", deployment, named, account_id=account)


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

"""What a value names in the place of a template's variable: by a form of the catalogue, or by the rule for the others.

The rule: a name stands for itself, a reference to a resource of the template's type for that resource's ARN, and an
ARN for itself up to the variable, or, where it is another resource's, for the name at its end.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn, whole_arn, why_open
from sfn_least_privilege.policy.catalog.sdk.forms import FORMS
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named, reason_of
from sfn_least_privilege.policy.text import Literal, Text, Unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.sdk.model import Path, Target
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Reference


def named_by(text: Text, path: Path, target: Target, index: int, deployment: Deployment) -> tuple[Named, ...]:
    """What ``text`` at ``path`` names as the variable ``index`` of a target's template."""
    if path.form:
        return tuple(FORMS[path.form](text, deployment))
    reference = text.reference
    is_last = index == len(target.slots) - 1
    if reference is not None and reference.arn is not None and is_last and _is_of(reference, target):
        return (Named(reference.arn, is_arn=True),)
    begins_as_arn = is_arn(text)
    if begins_as_arn:
        return (_by_arn(text, index, target, deployment),)
    if begins_as_arn is None and path.takes_arn:
        return (Named(Text.of(why(text), *text.parts[1:])),)
    return (Named(text),)


def may_be_arn(text: Text, path: Path) -> bool:
    """Whether nobody can tell here if it is a name or an ARN of whatever account."""
    return path.takes_arn and not path.form and is_arn(text) is None


def why(text: Text) -> Unknown:
    """Why a text is open."""
    reference = text.references[0] if text.references else None
    return reason_of(text, why_open(reference) if reference is not None else "it may be a name or an ARN")


def _by_arn(text: Text, index: int, target: Target, deployment: Deployment) -> Named:
    is_last = index == len(target.slots) - 1
    reference = text.reference
    if reference is not None and (is_last or _is_of(reference, target)):
        return Named(text, is_arn=True)
    resource = _resource_of(text)
    spoken, head = resource.prefix if resource is not None else "", _head(target.template)
    if is_last and (not spoken or not head or spoken.startswith(head)):
        return Named(whole_arn(text, target.template, deployment) if text.unknowns else text, is_arn=True)
    if spoken and head and spoken.startswith(head):
        return Named(text, is_arn=True)
    return Named(_last_piece(text, resource))


def _resource_of(text: Text) -> Text | None:
    """What an ARN names: its last field with whatever colons are in it; None where it cannot be told apart."""
    if text.reference is not None:
        return arn.field(text, arn.RESOURCE)
    head = text.cut(":", arn.RESOURCE)
    if head is None:
        return None
    passed = 0
    for number, part in enumerate(text.parts):
        if not isinstance(part, Literal):
            continue
        fields = part.value.split(":", arn.RESOURCE - passed)
        passed += len(fields) - 1
        if passed == arn.RESOURCE:
            return Text.of(fields[-1], *text.parts[number + 1 :])
    return None


def _last_piece(text: Text, resource: Text | None) -> Text:
    """The name at the end of another resource's ARN."""
    source = text.reference
    if source is not None and (source.sample is None or source.sample.count("/") == 1):
        # `cluster/name`: CloudFormation can pick it at deployment.
        return Text((arn.select(1, "/", source),))
    for separator in ("/", ":") if resource is not None and source is None else ():
        pieces = resource.split(separator) if resource is not None else None
        if pieces is not None and len(pieces) > 1:
            return pieces[-1]
    return Text.of(reason_of(text, "its name is not to be seen"))


@lru_cache(maxsize=4096)
def _head(template: str) -> str:
    """What a template's resource begins with, up to its first variable: `table/`."""
    fields = template.split(":", arn.RESOURCE)
    return fields[arn.RESOURCE].partition("{}")[0] if len(fields) > arn.RESOURCE else ""


def _is_of(reference: Reference, target: Target) -> bool:
    """Whether a resource of the template is of the target's type, as far as their names tell."""
    return _alike(reference.resource_type, target.kind or re.split(r"[/:]", _head(target.template))[0])


@lru_cache(maxsize=4096)
def _alike(resource_type: str, kind: str) -> bool:
    declared, wanted = (re.sub(r"[^a-z0-9]", "", each.lower()) for each in (resource_type.rpartition("::")[2], kind))
    return bool(declared) and (declared.endswith(wanted) or wanted.endswith(declared))

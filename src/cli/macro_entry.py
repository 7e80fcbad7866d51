"""The macro's own entry in a template's ``Transform`` section.

CloudFormation takes the section out of what it sends to a macro, so the command line does: it applies this macro and
leaves every other entry for CloudFormation. Parameters beside the name become the transform's options, a ``Ref``
in them replaced by the parameter's value:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html (documented; that
parameters reach a template-level macro with each ``Ref`` resolved is derived from recorded macro events).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MACRO_NAME = "SfnLeastPrivilege"
_SECTION = "Transform"


@dataclass(frozen=True, slots=True)
class Split:
    """A template taken apart.

    ``fragment`` is the template without its Transform section, ``others`` the entries of that section that stay
    (None: the section goes), ``options`` the macro's parameters. ``unresolved`` names the options that refer to
    something that has no value here.
    """

    fragment: dict[str, Any]
    others: Any
    options: Mapping[str, Any] = field(repr=False)
    unresolved: tuple[str, ...]


def split(template: Mapping[str, Any], values: Mapping[str, Any]) -> Split:
    """Take the macro's own entry off a template; ``values`` are those of parameters and pseudo parameters."""
    section = template.get(_SECTION)
    entries = section if isinstance(section, list) else [section]
    options: dict[str, Any] = {}
    unresolved: list[str] = []
    for entry in entries:
        parameters = entry.get("Parameters") if _is_ours(entry) and isinstance(entry, dict) else None
        for name, written in parameters.items() if isinstance(parameters, dict) else ():
            try:
                options[name] = _resolve(written, values)
            except LookupError:
                unresolved.append(name)
    kept = [entry for entry in entries if not _is_ours(entry)]
    if isinstance(section, list):
        others: Any = section if len(kept) == len(section) else kept or None
    else:
        others = section if kept else None
    fragment = {key: value for key, value in template.items() if key != _SECTION}
    return Split(fragment, others, options, tuple(unresolved))


def join(template: Mapping[str, Any], processed: Mapping[str, Any], others: Any) -> dict[str, Any]:
    """Put the remaining entries of the Transform section back where the section stood."""
    if others is None:
        return dict(processed)
    joined: dict[str, Any] = {}
    for key in template:
        if key == _SECTION:
            joined[key] = others
        elif key in processed:
            joined[key] = processed[key]
    return {**joined, **processed}


def _is_ours(entry: Any) -> bool:
    return (entry.get("Name") if isinstance(entry, dict) else entry) == MACRO_NAME


def _resolve(written: Any, values: Mapping[str, Any]) -> Any:
    """An option's value. Raises LookupError where it refers to something without one."""
    match written:
        case {"Ref": str(name)} if len(written) == 1:
            return values[name]
        case dict():
            raise LookupError
        case list():
            return [_resolve(item, values) for item in written]
        case _:
            return written

"""CloudFormation's short forms of intrinsic functions in YAML: ``!Ref``, ``!GetAtt``, ``!Sub`` and their like.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

from typing import Any

# Those that are not `Fn::` and their name.
_OWN_NAMES = {"Ref": "Ref", "Condition": "Condition"}

# Functions that new text may use in short form. `Condition` is no function everywhere, so it is written in full.
_WRITTEN_SHORT = frozenset(
    {
        "Ref",
        *(
            f"Fn::{name}"
            for name in (
                *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue"),
                *("Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString"),
            )
        ),
    },
)


def expand(name: str, argument: Any) -> dict[str, Any]:
    """The long form of ``!name argument``, as the macro receives it.

    A name that is not known yet becomes ``Fn::name`` too: CloudFormation adds functions over time.
    """
    if name == "GetAtt" and isinstance(argument, str) and "." in argument:
        argument = argument.split(".", 1)
    return {_OWN_NAMES.get(name, f"Fn::{name}"): argument}


def shorten(value: Any) -> tuple[str, Any] | None:
    """The tag and the argument with which a value can be written short; None where it cannot.

    One node cannot carry two tags, so a function of a function keeps its own long form.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((function, argument),) = value.items()
    if function not in _WRITTEN_SHORT or shorten(argument) is not None:
        return None
    if function == "Fn::GetAtt":
        argument = _dotted(argument)
    elif not isinstance(argument, str | list) or (function == "Ref" and not isinstance(argument, str)):
        return None
    return None if argument is None else ("!" + function.removeprefix("Fn::"), argument)


def _dotted(argument: Any) -> str | None:
    match argument:
        case [str(logical_id), str(attribute)] if logical_id and attribute and "." not in logical_id:
            return f"{logical_id}.{attribute}"
        case _:
            return None

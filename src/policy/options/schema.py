"""The JSON Schema of the options, and what it says of values."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the options."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name("options.schema.json").read_text(encoding="utf-8"))
    return content


def plain(name: str, value: Any) -> Any:
    """A value that came as a string, as parameters and environment variables do, in the form its option has."""
    kind = schema()["properties"].get(name, {}).get("type")
    if not isinstance(value, str):
        return value
    if kind == "boolean" and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if kind == "array":
        if value.lstrip().startswith("["):
            try:
                return json.loads(value)
            except (ValueError, RecursionError):
                return value
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def problems(options: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with options, one sentence each. No value is repeated: it may come from a secret parameter."""
    # Imported here because most templates have no options to check.
    from fastjsonschema import JsonSchemaValueException  # noqa: PLC0415 -- see above

    for name, value in options.items():
        if name not in schema()["properties"]:
            yield f"`{name}` is no option: there are {listed(tuple(schema()['properties']))}"
            continue
        try:
            _validator()({name: value})
        except JsonSchemaValueException as error:
            yield _said(name, error)


def _said(name: str, error: Any) -> str:
    """What is wrong with an option."""
    place = "".join(f"[{step}]" if str(step).isdigit() else f".{step}" for step in error.path[1:]).lstrip(".")
    rule, definition = error.rule, error.rule_definition
    if rule == "enum":
        return f"`{place}` must be {listed(tuple(definition), 'or')}"
    if rule == "type":
        return f"`{place}` must be of type {definition}"
    if rule == "required":
        return f"`{place}` needs {listed(tuple(definition))}"
    if rule == "additionalProperties":
        known = tuple(error.definition.get("properties", {}))
        return f"`{place}` has a name that is not known: there are {listed(known)}"
    if rule == "pattern":
        return f"`{place}` must match {definition}"
    help_text = schema()["properties"][name].get("description", "")
    return f"`{place}` is not as it must be. {help_text}"


def listed(names: tuple[str, ...], last: str = "and") -> str:
    """Names as people list them."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


@cache
def _validator() -> Callable[[Any], Any]:
    import fastjsonschema  # noqa: PLC0415 -- as above

    # It writes into what it is given.
    check: Callable[[Any], Any] = fastjsonschema.compile(copy.deepcopy(schema()))
    return check

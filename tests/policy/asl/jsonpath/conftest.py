"""Whether a Value covers what a run really had, and strategies that hide parts of a document."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
    conditional,
    from_json,
    one_of,
)


class _Nothing:
    """Stands for a run that had no value at a place."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()


def _covers(value: Value, concrete: Any) -> bool:
    if isinstance(value, Anything):
        return True
    if isinstance(value, OneOf):
        return any(_covers(each, concrete) for each in value.alternatives)
    if isinstance(value, Conditional):
        return _covers(value.then, concrete) or _covers(value.otherwise, concrete)
    if concrete is NOTHING or isinstance(value, Missing):
        return concrete is NOTHING and isinstance(value, Missing)
    if isinstance(value, Text):
        return isinstance(concrete, str) and _text_covers(value, concrete)
    if isinstance(value, Scalar):
        return not isinstance(concrete, str) and json.dumps(concrete) == value.json
    if isinstance(value, ArrayValue):
        return (
            isinstance(concrete, list)
            and len(concrete) == len(value.items)
            and all(map(_covers, value.items, concrete))
        )
    if isinstance(value, ListOf):
        return isinstance(concrete, list) and all(_covers(value.item, item) for item in concrete)
    return isinstance(concrete, dict) and _object_covers(value, concrete)


def _object_covers(value: ObjectValue, concrete: dict[str, Any]) -> bool:
    others = [item for name, item in concrete.items() if name not in value.fields]
    return all(_covers(item, concrete.get(name, NOTHING)) for name, item in value.fields.items()) and all(
        value.rest is not None and _covers(value.rest, item) for item in others
    )


def _text_covers(text: Text, concrete: str) -> bool:
    pieces = (
        re.escape(part.value)
        if isinstance(part, Literal)
        else re.escape(part.sample)
        if isinstance(part, Reference) and part.sample is not None
        else ".*"
        for part in text.parts
    )
    return re.fullmatch("".join(pieces), concrete, re.DOTALL) is not None


REASON = "comes from the execution's input"


@st.composite
def _hidden(draw: st.DrawFn, concrete: Any) -> Value:
    """A Value that covers ``concrete``, with some of it hidden."""
    how = draw(st.sampled_from(("as it is",) * 6 + ("anything", "one of", "conditional")))
    if how == "anything":
        return Anything(REASON)
    inner = draw(_inside(concrete))
    if how == "one of":
        return one_of(draw(st.permutations((inner, Text.of("other")))))
    if how == "conditional":
        return conditional("Prod", inner, from_json({"a": 1}))
    return inner


@st.composite
def _inside(draw: st.DrawFn, concrete: Any) -> Value:
    if isinstance(concrete, str):
        return draw(_hidden_string(concrete))
    if isinstance(concrete, list):
        items = tuple(draw(_hidden(item)) for item in concrete)
        return ListOf(one_of(items)) if items and draw(st.integers(0, 3)) == 0 else ArrayValue(items)
    if isinstance(concrete, dict):
        fields = {name: draw(_hidden(item)) for name, item in concrete.items()}
        if draw(st.integers(0, 3)) == 0:
            fields["maybe"] = one_of((MISSING, Text.of("x")))
        hidden = [name for name in fields if draw(st.integers(0, 4)) == 0]
        rest = one_of([fields.pop(name) for name in hidden]) if hidden else None
        # What may be missing cannot be told apart in `rest`: any field in it may be.
        return ObjectValue(fields, rest if rest is None or not isinstance(rest, Missing) else Anything(REASON))
    return from_json(concrete)


@st.composite
def _hidden_string(draw: st.DrawFn, concrete: str) -> Value:
    how = draw(st.integers(0, 5))
    cut = draw(st.integers(0, len(concrete)))
    if how == 0:
        return Text.of(concrete[:cut], Unknown(f"`$.x` {REASON}"))
    if how == 1:
        return Text.of(concrete[:cut], Reference("Ref", "Name", Kind.NAME, sample=concrete[cut:]))
    return from_json(concrete)


@pytest.fixture(scope="session")
def runs() -> SimpleNamespace:
    """What tests need to compare with a run.

    ``covers(value, concrete)``: whether ``concrete`` is one of the values that ``value`` stands for.
    ``hidden(concrete)``: a strategy for Values that cover ``concrete``, with some of it hidden.
    ``nothing``: stands for a run that had no value at a place.
    """
    return SimpleNamespace(covers=_covers, hidden=_hidden, nothing=NOTHING)

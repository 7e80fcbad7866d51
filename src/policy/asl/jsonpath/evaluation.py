"""What the value of a field whose name ends in ``.$`` comes to: a path, or a call of an intrinsic function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TypeAlias

from sfn_least_privilege.policy.asl.jsonpath.calls import (
    Argument,
    Call,
    Constant,
    Hole,
    Mark,
    PathArgument,
    StringLiteral,
    parse_call,
)
from sfn_least_privilege.policy.asl.jsonpath.choices import map_choices, present
from sfn_least_privilege.policy.asl.jsonpath.formatting import UNCLEAR, fill
from sfn_least_privilege.policy.asl.jsonpath.functions import ARRAY_GET_ITEM, FORMAT, FUNCTIONS, STRING_SPLIT
from sfn_least_privilege.policy.asl.jsonpath.joining import joined
from sfn_least_privilege.policy.asl.jsonpath.number_functions import integers
from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments, fails
from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError, has_token, shown, split_at_tokens
from sfn_least_privilege.policy.asl.jsonpath.text_functions import piece_of
from sfn_least_privilege.policy.asl.jsonpath.walking import Frame, walk
from sfn_least_privilege.policy.asl.work import EXHAUSTED, cost_of
from sfn_least_privilege.policy.text import Literal, Text, unknown
from sfn_least_privilege.policy.value import Anything, Missing, Value

LiteralReader: TypeAlias = Callable[[str], Value]
"""Gives the Value of a string that stands in the definition, which may hold tokens."""


def evaluate(expression: str, frame: Frame, literal: LiteralReader) -> Value:
    """What ``expression`` comes to in ``frame``: a Value that covers every possible run.

    ``literal`` gives the Value of each string that stands in it. MISSING where a path certainly selects nothing.
    Raises JsonPathSyntaxError.
    https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
    """
    return _Evaluation(frame, literal).value(expression.strip())


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One evaluation: the data it reads, and how it reads strings."""

    frame: Frame
    literal: LiteralReader

    def value(self, text: str) -> Value:
        if not has_token(text):
            return walk(text, self.frame) if text.startswith("$") else self._call(parse_call(text))
        if text.startswith("$"):
            return self._resolved(text)
        try:
            return self._call(parse_call(text))
        except JsonPathSyntaxError:
            # What CloudFormation puts in may be what makes it readable.
            return self._resolved(text)

    def _resolved(self, text: str) -> Value:
        """The value of an expression parts of which CloudFormation puts in; they may be known by now."""

        def read(each: Value) -> Value:
            known = each.literal if isinstance(each, Text) else None
            if known is None or has_token(known):
                return Anything(f"`{shown(text)}` is an expression that is known only at deployment")
            return self.value(known.strip())

        return map_choices(self.literal(text), read)

    def _call(self, call: Call) -> Value:
        if self.frame.work.exhausted:
            return EXHAUSTED
        made = self._made(call)
        self.frame.work.spend(cost_of(made))
        return made

    def _made(self, call: Call) -> Value:
        function = FUNCTIONS.get(call.name)
        if function is None:
            return Anything(f"`{call.source}` calls a function that is not known here")
        has_hole = any(isinstance(each, Hole) for each in call.arguments)
        if not has_hole and not function.takes(len(call.arguments)):
            return Anything(f"`{call.source}` has {len(call.arguments)} arguments, which it does not take")
        if call.name == FORMAT and isinstance(call.arguments[0], StringLiteral):
            return self._format(call, call.arguments[0].parts)
        if has_hole:
            # One hole may be several arguments.
            return Anything(f"`{call.source}` {_HAS_HOLE}")
        split = _split_item(call)
        if split is not None:
            return self._with_arguments(
                call, split.texts, lambda source, texts: piece_of(source, texts[0], texts[1], split.position)
            )
        return self._with_arguments(call, call.arguments, function.apply)

    def _with_arguments(
        self, call: Call, arguments: tuple[Argument, ...], apply: Callable[[str, Arguments], Value]
    ) -> Value:
        values: list[Value] = []
        for argument in arguments:
            value, _ = present(self._argument(argument))
            if isinstance(value, Missing):
                return fails(call.source, f"{_named(argument)} selects nothing")
            self.frame.work.spend(cost_of(value))
            values.append(value)
        return apply(call.source, tuple(values))

    def _argument(self, argument: Argument) -> Value:
        if isinstance(argument, StringLiteral):
            return self._string(argument.parts)
        if isinstance(argument, Constant):
            return argument.scalar
        if isinstance(argument, PathArgument):
            return self.value(argument.text)
        return self._call(argument) if isinstance(argument, Call) else Anything(_HAS_HOLE)

    def _format(self, call: Call, parts: tuple[str | Mark, ...]) -> Value:
        template: list[Value | Mark] = []
        for part in parts:
            template.extend(self._texts(part) if isinstance(part, str) else (part,))
        arguments = call.arguments[1:]
        hole = next((index for index, each in enumerate(arguments) if isinstance(each, Hole)), None)
        if hole is None:
            return self._with_arguments(call, arguments, lambda _source, values: fill(template, values))
        # More than there are slots, so that their number certainly does not agree with it.
        others = (Anything(f"`{call.source}` {_HAS_HOLE}"),) * (len(template) + 1)
        return self._with_arguments(call, arguments[:hole], lambda _source, values: fill(template, values + others))

    def _string(self, parts: tuple[str | Mark, ...]) -> Value:
        """A string literal outside of a template, where ``{}`` is nothing special."""
        if len(parts) == 1 and isinstance(parts[0], str) and not has_token(parts[0]):
            return self.literal(parts[0])
        plain = (Mark.SLOT.value if part is Mark.SLOT else part for part in parts)
        pieces: list[Value] = []
        for is_text, run in groupby(plain, key=lambda part: isinstance(part, str)):
            pieces.extend(self._texts("".join(map(str, run))) if is_text else (unknown(UNCLEAR),))
        return joined(pieces)

    def _texts(self, text: str) -> Iterable[Value]:
        """The values that a stretch of a string literal is made of, one after the other."""
        for piece in split_at_tokens(text):
            value = self.literal(piece)
            yield map_choices(value, _as_put_in) if has_token(piece) else value


_HAS_HOLE = "has arguments that are known only at deployment"
_RESERVED = re.compile(r"['{}\\]")


def _as_put_in(value: Value) -> Value:
    """What CloudFormation puts into a string literal; unknown where it changes how the literal is read.

    A value that is not known at this time is taken to hold no character that is reserved there.
    """
    if not isinstance(value, Text):
        return value
    known = (part.value for part in value.parts if isinstance(part, Literal))
    samples = (reference.sample or "" for reference in value.references)
    if any(map(_RESERVED.search, chain(known, samples))):
        return unknown("what CloudFormation puts here changes how the string is read")
    return value


@dataclass(frozen=True, slots=True)
class _SplitItem:
    """``States.ArrayGetItem(States.StringSplit(…), position)``."""

    texts: tuple[Argument, ...]
    position: int


def _split_item(call: Call) -> _SplitItem | None:
    if call.name != ARRAY_GET_ITEM:
        return None
    array, index = call.arguments
    if not isinstance(array, Call) or array.name != STRING_SPLIT or not isinstance(index, Constant):
        return None
    positions = integers(index.scalar)
    readable = FUNCTIONS[STRING_SPLIT].takes(len(array.arguments)) and not any(
        isinstance(each, Hole) for each in array.arguments
    )
    return _SplitItem(array.arguments, positions[0]) if readable and positions and len(positions) == 1 else None


def _named(argument: Argument) -> str:
    if isinstance(argument, PathArgument):
        return f"`{shown(argument.text)}`"
    return f"`{argument.source}`" if isinstance(argument, Call) else "an argument"

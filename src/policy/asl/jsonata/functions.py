"""Every function that an expression can call, as a table: name, how many arguments, what it does.

https://docs.jsonata.org, and Step Functions' own ones (``$partition``, ``$range``, ``$hash``, ``$random`` with a
seed, ``$uuid``, ``$parse``): https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.jsonata import collection_functions as collections
from sfn_least_privilege.policy.asl.jsonata import higher_order, texts
from sfn_least_privilege.policy.asl.jsonata import scalar_functions as scalars
from sfn_least_privilege.policy.asl.jsonata import text_functions as strings
from sfn_least_privilege.policy.asl.jsonata.callables import Interpreter, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.value import Value

Implementation: TypeAlias = Callable[[Interpreter, Sequence[Result]], Result]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    ``context`` says that the context becomes the first argument where one too few are given, ``sequence`` that
    the result is a sequence, of which JSONata makes a value only when it has seen what is behind the call.
    ``item`` gives one item of the result, by its index, where that can be known better than the whole; ``parts``
    the result for an array that is written in place, given the values that stand in it.
    """

    run: Implementation
    minimum: int
    maximum: int
    context: bool = False
    sequence: bool = False
    item: Callable[[Sequence[Result], int], Value | None] | None = None
    parts: Callable[[Sequence[Value]], Value] | None = None


def _of_context(run: Implementation, maximum: int = 1, minimum: int | None = None) -> Function:
    return Function(run, maximum if minimum is None else minimum, maximum, context=True)


def _plain(run: Implementation, maximum: int = 1, minimum: int | None = None) -> Function:
    return Function(run, maximum if minimum is None else minimum, maximum)


_FORMATTED = scalars.some_text("it is a number or a time that is formatted when the state runs")
_TIME = scalars.some_text("it is the time at which the state runs")
_HASH = scalars.some_text("it is a hash, which only the execution calculates")

FUNCTIONS: Mapping[str, Function] = {
    # Strings
    "string": _of_context(strings.string, 2, 1),
    "length": _of_context(strings.of_text("length", strings.length)),
    "substring": _of_context(strings.substring, 3, 2),
    "substringBefore": _of_context(strings.separated("substringBefore", texts.before), 2),
    "substringAfter": _of_context(strings.separated("substringAfter", texts.after), 2),
    "uppercase": _of_context(strings.of_characters("uppercase", strings.upper)),
    "lowercase": _of_context(strings.of_characters("lowercase", strings.lower)),
    "trim": _of_context(strings.of_text("trim", texts.trimmed)),
    "pad": _of_context(strings.pad, 3, 2),
    "contains": _of_context(strings.contains, 2),
    "split": Function(strings.split, 2, 3, context=True, item=strings.split_item),
    "join": _plain(strings.join, 2, 1),
    "match": _of_context(scalars.matches, 3, 2),
    "replace": _of_context(strings.replace, 4, 3),
    "eval": _plain(scalars.refused, 2, 1),
    "base64encode": _of_context(strings.of_text("base64encode", strings.base64_encode)),
    "base64decode": _of_context(strings.of_text("base64decode", strings.base64_decode)),
    "encodeUrlComponent": _of_context(strings.of_characters("encodeUrlComponent", strings.encode_component)),
    "encodeUrl": _of_context(strings.of_characters("encodeUrl", strings.encode_url)),
    "decodeUrlComponent": _of_context(strings.of_text("decodeUrlComponent", strings.decode_component)),
    "decodeUrl": _of_context(strings.of_text("decodeUrl", strings.decode_url)),
    "hash": _plain(_HASH, 2, 1),
    "uuid": _plain(scalars.some_text("it is a new identifier each time"), 0),
    "parse": _plain(scalars.unary(scalars.parsed_json)),
    # Numbers
    "number": _of_context(scalars.unary(scalars.number)),
    "abs": _of_context(scalars.of_number("abs", abs)),
    "floor": _of_context(scalars.of_number("floor", math.floor)),
    "ceil": _of_context(scalars.of_number("ceil", math.ceil)),
    "round": _of_context(scalars.not_followed, 2, 1),
    "power": _of_context(scalars.not_followed, 2),
    "sqrt": _of_context(scalars.of_number("sqrt", scalars.square_root)),
    "random": _plain(scalars.not_followed, 1, 0),
    "formatNumber": _of_context(_FORMATTED, 3, 2),
    "formatBase": _of_context(_FORMATTED, 2, 1),
    "formatInteger": _of_context(_FORMATTED, 2),
    "parseInteger": _of_context(scalars.not_followed, 2),
    "sum": _plain(scalars.aggregate("sum", scalars.total)),
    "max": _plain(scalars.aggregate("max", scalars.extreme(max))),
    "min": _plain(scalars.aggregate("min", scalars.extreme(min))),
    "average": _plain(scalars.aggregate("average", scalars.average)),
    # Booleans and types
    "boolean": _of_context(scalars.truth),
    "not": _of_context(scalars.negation),
    "exists": _plain(scalars.exists),
    "type": _plain(scalars.type_name),
    "assert": _plain(scalars.ensure, 2, 1),
    "error": _plain(scalars.fail, 1, 0),
    # Arrays
    "count": _plain(scalars.count),
    "append": _plain(collections.append, 2),
    "sort": _plain(collections.sort, 2, 1),
    "reverse": _plain(collections.of_array(collections.reverse)),
    "shuffle": _plain(collections.of_array(collections.shuffle)),
    "distinct": _plain(collections.distinct),
    "zip": _plain(collections.zipped, 100, 1),
    "partition": _plain(collections.partition, 2),
    "range": _plain(collections.number_range, 3),
    # Objects
    "keys": Function(collections.keys, 1, 1, context=True, sequence=True),
    "lookup": _of_context(collections.lookup, 2),
    "spread": _of_context(scalars.unary(collections.spread)),
    "merge": Function(collections.merge, 1, 1, parts=collections.merge_parts),
    "clone": _of_context(scalars.unary(collections.clone)),
    # Functions of functions
    "map": Function(higher_order.map_array, 2, 2, sequence=True),
    "filter": Function(higher_order.filter_array, 2, 2, sequence=True),
    "single": _plain(higher_order.single, 2, 1),
    "reduce": _plain(higher_order.reduce_array, 3, 2),
    "each": Function(higher_order.each_field, 2, 2, context=True, sequence=True),
    "sift": _of_context(higher_order.sift, 2),
    # Time
    "now": _plain(_TIME, 2, 0),
    "millis": _plain(scalars.not_followed, 0),
    "fromMillis": _of_context(_FORMATTED, 3, 1),
    "toMillis": _of_context(scalars.not_followed, 2, 1),
}

"""Every intrinsic function by name: how many arguments it takes, and what it makes of them.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (documented)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath import array_functions, json_functions, number_functions, text_functions
from sfn_least_privilege.policy.asl.jsonpath.formatting import fill_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments
    from sfn_least_privilege.policy.value import Value


@dataclass(frozen=True, slots=True)
class Function:
    """An intrinsic function.

    ``apply`` gets the call's text and its arguments. ``most`` is None where there is no upper bound.
    """

    apply: Callable[[str, Arguments], Value]
    fewest: int
    most: int | None

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.fewest <= count and (self.most is None or count <= self.most)


def _format(_source: str, arguments: Arguments) -> Value:
    return fill_value(arguments[0], arguments[1:])


FORMAT = "States.Format"
ARRAY_GET_ITEM = "States.ArrayGetItem"
STRING_SPLIT = "States.StringSplit"

FUNCTIONS: Mapping[str, Function] = {
    FORMAT: Function(_format, 1, None),
    "States.StringToJson": Function(json_functions.string_to_json, 1, 1),
    "States.JsonToString": Function(json_functions.json_to_string, 1, 1),
    "States.JsonMerge": Function(json_functions.json_merge, 3, 3),
    "States.Array": Function(array_functions.array, 0, None),
    "States.ArrayPartition": Function(array_functions.array_partition, 2, 2),
    "States.ArrayContains": Function(array_functions.array_contains, 2, 2),
    "States.ArrayRange": Function(array_functions.array_range, 3, 3),
    ARRAY_GET_ITEM: Function(array_functions.array_get_item, 2, 2),
    "States.ArrayLength": Function(array_functions.array_length, 1, 1),
    "States.ArrayUnique": Function(array_functions.array_unique, 1, 1),
    "States.Base64Encode": Function(text_functions.base64_encode, 1, 1),
    "States.Base64Decode": Function(text_functions.base64_decode, 1, 1),
    "States.Hash": Function(text_functions.hash_of, 2, 2),
    "States.MathRandom": Function(number_functions.math_random, 2, 3),
    "States.MathAdd": Function(number_functions.math_add, 2, 2),
    STRING_SPLIT: Function(text_functions.string_split, 2, 2),
    "States.UUID": Function(text_functions.uuid, 0, 0),
}

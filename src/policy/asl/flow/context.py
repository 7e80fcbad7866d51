"""The context object: what every state can read of its execution.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.joining import join, merge
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, OneOf, member, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.states import State
    from sfn_least_privilege.policy.template.tokens import Tokens
    from sfn_least_privilege.policy.value import Value

_EACH_TIME = unknown("it is different in every execution")
_NUMBER = Anything("it counts what happens in the execution")
# AWS adds fields from time to time, and says so.
_FURTHER = Anything("it is a field of the context object that is not documented")
_CHILD = Anything("it is that of a child execution")


def execution_context(execution_input: Value, own_arn: Value, own_name: Value) -> ObjectValue:
    """The context object of an execution, without what each state adds to it."""
    execution = ObjectValue(
        {
            "Id": _EACH_TIME,
            "Input": execution_input,
            "Name": _EACH_TIME,
            "RoleArn": unknown("it is the role's own ARN"),
            "StartTime": _EACH_TIME,
            "RedriveCount": _NUMBER,
            "RedriveTime": one_of((_EACH_TIME, MISSING)),
        },
        _FURTHER,
    )
    machine = ObjectValue({"Id": own_arn, "Name": own_name}, _FURTHER)
    return ObjectValue({"Execution": execution, "StateMachine": machine}, _FURTHER)


def state_context(context: Value, state: State, tokens: Tokens) -> Value:
    """The context object as one state reads it."""
    entered = ObjectValue(
        {"Name": tokens.literal(state.name), "EnteredTime": _EACH_TIME, "RetryCount": _NUMBER}, _FURTHER
    )
    added: dict[str, Value] = {"State": entered}
    if state.kind is Kind.TASK:
        added["Task"] = _TASK
    return _with(context, added)


_TASK = ObjectValue({"Token": unknown("it is different for every call")}, _FURTHER)


def item_context(context: Value, value: Value, index: Value, key: Value, source: Value) -> Value:
    """The context object inside a map, with the item that is being processed."""
    item = ObjectValue({"Index": index, "Value": value, "Key": key, "Source": source}, _FURTHER)
    return _with(context, {"Map": ObjectValue({"Item": item}, _FURTHER)})


def child_context(context: Value, child_input: Value) -> Value:
    """The context object of a child execution of a distributed map.

    Assumed, as it is not documented: its execution's input is its own or that of its parent.
    """
    parent_input = member(member(context, "Execution"), "Input")
    execution = execution_context(join((child_input, parent_input)), _CHILD, _CHILD)
    return _with(context, execution.fields)


def _with(context: Value, added: Mapping[str, Value]) -> Value:
    context = merge(context) if isinstance(context, OneOf) else context
    if isinstance(context, ObjectValue):
        return ObjectValue({**context.fields, **added}, context.rest)
    return context

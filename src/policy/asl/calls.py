"""What the states that can be reached call, and with which arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.arguments import Arguments, known_arguments
from sfn_least_privilege.policy.asl.shown import shown
from sfn_least_privilege.policy.asl.workflow import DataAccess, DistributedMap, QueryLanguage, Task
from sfn_least_privilege.policy.value import MISSING, Anything, member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.flow.fields import Fields
    from sfn_least_privilege.policy.value import Value


def task_of(fields: Fields) -> Task | None:
    """The call of a Task state; None where it has no resource, which is reported."""
    state = fields.state
    resource = state.fields.get("Resource")
    if not isinstance(resource, str) or not resource:
        fields.world.problem(state, f"a Task state needs `Resource`, a string: it is {shown(resource)}")
        return None
    return Task(
        path=state.path,
        resources=fields.world.spellings(resource),
        arguments=_arguments(fields, state.fields),
        credentials_role=_credentials_role(fields),
    )


def distributed_map_of(fields: Fields) -> DistributedMap:
    """A distributed map, with the data that it reads and writes itself."""
    state = fields.state.fields
    processor = state.get("ItemProcessor", state.get("Iterator"))
    settings = _settings(processor, "ProcessorConfig")
    if "Label" in state:
        settings = {**settings, "Label": state["Label"]}
    return DistributedMap(
        fields.state.path,
        _data_access(fields, "ItemReader"),
        _data_access(fields, "ResultWriter"),
        Arguments(settings, fields.evaluate),
    )


def _settings(holder: Any, name: str) -> Mapping[str, Any]:
    given = holder.get(name) if isinstance(holder, dict) else None
    return given if isinstance(given, dict) else {}


def _data_access(fields: Fields, name: str) -> DataAccess | None:
    given = fields.state.fields.get(name)
    if given is None:
        return None
    resource = given.get("Resource") if isinstance(given, dict) else None
    if not isinstance(resource, str):
        # A writer may be there for the form of the results only, and write nothing.
        if name == "ItemReader" or not isinstance(given, dict) or resource is not None:
            fields.world.problem(fields.state, f"`{name}` needs `Resource`, a string: it is {shown(resource)}")
        return None
    return DataAccess(fields.world.spellings(resource), _with_config(fields, given, _arguments(fields, given, MISSING)))


def _with_config(fields: Fields, holder: Mapping[str, Any], arguments: Arguments) -> Arguments:
    """The arguments together with the fields of ``ReaderConfig``."""
    config = holder.get("ReaderConfig")
    if config is None:
        return arguments
    if isinstance(config, dict):
        # The arguments come last: what they say of a bucket is not to be hidden by a setting.
        return replace(arguments, template={**config, **arguments.template}, evaluate=fields.evaluate)
    value = fields.template("ReaderConfig", fields.data(fields.current), holder)
    known_apart = arguments.otherwise is MISSING
    return replace(arguments, otherwise=value if known_apart else Anything("it is known only at deployment"))


def _arguments(fields: Fields, holder: Mapping[str, Any], otherwise: Value | None = None) -> Arguments:
    """The arguments in ``holder``; ``otherwise`` is what they are when none are given, None for the state's input."""
    is_jsonata = fields.state.language is QueryLanguage.JSONATA
    name, other = ("Arguments", "Parameters") if is_jsonata else ("Parameters", "Arguments")
    given = holder.get(name)
    if other in holder and holder is not fields.state.fields:
        fields.world.problem(fields.state, f"`{other}` does not belong to {fields.state.language}; use `{name}`")
    if given is None:
        # The state's input goes to the service as it is.
        return known_arguments(fields.current if otherwise is None else otherwise)
    if isinstance(given, dict):
        return Arguments(given, fields.evaluate)
    return known_arguments(fields.template(name, fields.data(fields.current), holder))


def _credentials_role(fields: Fields) -> Value:
    if fields.state.fields.get("Credentials") is None:
        return MISSING
    role = member(fields.template("Credentials", fields.data(fields.current)), "RoleArn")
    if role is MISSING:
        fields.world.problem(fields.state, "`Credentials` needs `RoleArn`")
    return role

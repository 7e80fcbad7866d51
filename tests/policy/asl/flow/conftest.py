"""What the tests of the data flow share: predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.asl.calls import task_of
from sfn_least_privilege.policy.asl.flow.context import execution_context
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.fields import Fields
from sfn_least_privilege.policy.asl.flow.solving import entries
from sfn_least_privilege.policy.asl.flow.world import World
from sfn_least_privilege.policy.asl.outline import read_outline
from sfn_least_privilege.policy.asl.reading import EXECUTION_INPUT, OWN_ARN, OWN_NAME
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.template.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.value import Value


@pytest.fixture(scope="session")
def predict() -> Callable[..., dict[str, Entry]]:
    """What is known at the entry of each state of a definition, by the state's name."""

    def predict(definition: Any, given: Value = EXECUTION_INPUT, tokens: Tokens | None = None) -> dict[str, Entry]:
        outline, problems = read_outline(definition, "Machine")
        assert not problems
        world = World(outline, Tokens() if tokens is None else tokens, "Machine")
        known = entries(world, Entry(given, {}, execution_context(given, OWN_ARN, OWN_NAME)))
        assert not world.findings
        return {state.name: known[state.index] for state in outline.states if state.index in known}

    return predict


@pytest.fixture(scope="session")
def predict_calls() -> Callable[..., dict[str, Arguments]]:
    """What is known of the arguments of each task of a definition, by the state's name."""

    def predict_calls(
        definition: Any, given: Value = EXECUTION_INPUT, tokens: Tokens | None = None
    ) -> dict[str, Arguments]:
        outline, _ = read_outline(definition, "Machine")
        world = World(outline, Tokens() if tokens is None else tokens, "Machine")
        known = entries(world, Entry(given, {}, execution_context(given, OWN_ARN, OWN_NAME)))
        tasks = (state for state in outline.states if state.index in known and state.kind is Kind.TASK)
        made = ((state.name, task_of(Fields(state, known[state.index], world))) for state in tasks)
        return {name: task.arguments for name, task in made if task is not None}

    return predict_calls

"""What all states of one analysis share: the tokens of the definition, its variables, and where problems go."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl import rules
from sfn_least_privilege.policy.asl.exits import catchers, choice_rules
from sfn_least_privilege.policy.asl.flow.bounds import Bounds
from sfn_least_privilege.policy.asl.work import Work
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.value import Anything, guarded_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
    from sfn_least_privilege.policy.asl.states import Outline, State
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.template.tokens import Tokens
    from sfn_least_privilege.policy.value import Guarded, Value


class World:
    """The surroundings of every state of one definition."""

    def __init__(self, outline: Outline, tokens: Tokens, logical_id: str) -> None:
        """Analyse ``outline``; problems are reported for the machine ``logical_id``."""
        self.outline = outline
        self.tokens = tokens
        self.logical_id = logical_id
        self.bounds = Bounds()
        self.work = Work()
        # A state may be read many times: each of its problems is told once.
        self.findings: dict[Finding, None] = {}
        self._spellings: dict[str, tuple[Guarded, ...]] = {}

    def unreadable(self, state: State, name: str, error: ExpressionSyntaxError) -> None:
        """Report a field that cannot be read."""
        location = Location(self.logical_id, state.path)
        self.findings[finding(rules.EXPRESSION_UNREADABLE, location, field=f"`{name}`", problem=error)] = None

    def problem(self, state: State, problem: str) -> None:
        """Report something in a state that is not as the language wants it."""
        self.findings[finding(rules.STATES_LANGUAGE, Location(self.logical_id, state.path), problem=problem)] = None

    def spellings(self, text: str) -> tuple[Guarded, ...]:
        """Every string that a string of the definition can be; most tasks share theirs with others."""
        if text not in self._spellings:
            self._spellings[text] = guarded_texts(self.tokens.literal(text))
        return self._spellings[text]

    @cached_property
    def unknown_variables(self) -> Mapping[str, Value]:
        """Every variable that a state sets, and nothing known of any."""
        unknown = Anything("it is a variable whose values are not followed")
        names: dict[str, Value] = {}
        for state in self.outline.states:
            fields = state.fields
            for holder in (fields, *choice_rules(fields), *catchers(state.kind, fields)):
                assign = holder.get("Assign")
                if isinstance(assign, dict):
                    names.update(dict.fromkeys((str(name).removesuffix(".$") for name in assign), unknown))
        return names

"""Machines made at random and executed: every ARN that a run touches must be one that the role allows.

The names of tables, functions and queues come through everything that carries data: inputs, results, variables,
choices, maps, intrinsic functions and JSONata. What the macro takes for constant and is not shows as a denial.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from proving.documents import ANY_END, Execution, Workflow
from proving.running import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from proving.judge import Judge

WORDS = ("red", "blue", "gold")
_HERE = "eu-west-1:123456789012"
# The calls that random machines make: their arguments, with `{}` for a word that comes through the machine's data.
_CALLS = {
    "aws-sdk:s3:getObject": {"Bucket": "{}", "Key": "in/{}.csv"},
    "aws-sdk:ssm:getParameter": {"Name": "/app/{}"},
    "dynamodb:getItem": {"TableName": "{}", "Key": {"id": {"S": "x"}}},
    "dynamodb:deleteItem": {"TableName": f"arn:aws:dynamodb:{_HERE}:table/{{}}", "Key": {"id": {"S": "x"}}},
    "events:putEvents": {"EventBusName": "{}", "Source": "s", "DetailType": "d", "Detail": {"a": 1}},
    "lambda:invoke": {"FunctionName": "{}"},
    "lambda:invoke.waitForTaskToken": {"FunctionName": f"arn:aws:lambda:{_HERE}:function:{{}}", "Qualifier": "{}"},
    "sns:publish": {"TopicArn": f"arn:aws:sns:{_HERE}:{{}}", "Message": "x"},
    "sqs:sendMessage": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q-{}", "MessageBody": "x"},
    "states:startExecution": {"StateMachineArn": f"arn:aws:states:{_HERE}:stateMachine:{{}}:live"},
}
_FIXED = frozenset({"Key", "Source", "DetailType", "Detail", "Message", "MessageBody"})


@dataclass(frozen=True, slots=True)
class Machines:
    """A number of machines, made by a random generator that begins at ``seed``."""

    seed: int
    count: int


MACHINES = tuple(Machines(seed, 20) for seed in range(10))
"""What `make proof` executes."""


class UncoveredError(Exception):
    """A run touched what the role does not allow."""


def cover_random_machines(machines: Machines, judge: Judge) -> int:
    """Execute machines; how many different ARNs they touched. Raises UncoveredError with the definition."""
    random = Random(machines.seed)  # noqa: S311 -- no secret is made of it
    arns = 0
    for number in range(machines.count):
        workflow = random_workflow(random, f"random-{machines.seed}-{number}")
        _, gate = execute(workflow, judge)
        denied = {
            f"{row.state}: {row.demand.action} on {row.demand.resource}" for row in gate.ledger if not row.allowed
        }
        if denied:
            message = f"{sorted(denied)} in {json.dumps(workflow.template)}"
            raise UncoveredError(message)
        arns += len({row.demand.resource for row in gate.ledger if row.call != "assume"})
    return arns


def random_workflow(random: Random, name: str) -> Workflow:
    """One machine, to be executed with three inputs, in which all calls are answered by nothing."""
    writer = _Writer(random)
    language = random.choice(("JSONPath", "JSONata"))
    definition = {"QueryLanguage": language, **writer.machine(language, depth=0)}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": definition}}
    answers = {task: {"Payload": random.choice(WORDS)} for task in writer.tasks}
    inputs = [
        {"a": random.choice(WORDS), "b": random.choice(WORDS), "l": list(WORDS[: random.randint(1, 3)])}
        for _ in range(3)
    ]
    return Workflow(
        name,
        {"Transform": "SfnLeastPrivilege", "Resources": {"Machine": machine}},
        tuple(Execution("Machine", each, ANY_END, answers) for each in inputs),
        seeds={},
        parameters={},
    )


class _Writer:
    """Writes a machine state by state; ``tasks`` are the names of those that call."""

    def __init__(self, random: Random) -> None:
        self.tasks: list[str] = []
        self._random = random
        self._count = 0
        self._depth = 0

    @property
    def _own(self) -> str:
        """The variables of the machine being written: an inner one may not set those of an outer one."""
        return "vw" if self._depth == 0 else "xy"

    @property
    def _visible(self) -> str:
        return "vw" if self._depth == 0 else "vwxy"

    def machine(self, language: str, depth: int) -> dict[str, Any]:
        """States one behind the other, some of which are gone around."""
        kinds: list[Callable[[str, str, int], dict[str, Any]]] = [self._pass, self._pass, self._task, self._choice]
        kinds += [self._map, self._parallel] if depth == 0 else []
        self._depth = depth
        made = [self._random.choice(kinds) for _ in range(self._random.randint(2, 5))]
        made = [self._first, *made, self._task]
        names = [f"S{self._number()}" for _ in made]
        states = {}
        for position, (name, kind) in enumerate(zip(names, made, strict=True)):
            state = kind(name, language, depth)
            self._depth = depth
            if state["Type"] == "Choice":
                ahead = names[position + 1 :]
                for rule in state["Choices"]:
                    rule["Next"] = self._random.choice(ahead)
                state["Default"] = self._random.choice(ahead)
            elif position + 1 < len(names):
                state["Next"] = names[position + 1]
            else:
                state["End"] = True
            states[name] = state
        return {"StartAt": names[0], "States": states}

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _word(self) -> str:
        return self._random.choice(WORDS)

    def _path(self) -> str:
        own = self._random.choice(self._visible)
        return self._random.choice(
            (
                "$.a",
                "$.b",
                f"${own}",
                "$$.Execution.Input.b",
                f"States.Format('{self._word()}-{{}}', $.a)",
                f"States.Format('{{}}-{{}}', ${own}, $.b)",
                f"States.ArrayGetItem(States.Array('{self._word()}', $.b), {self._random.randint(0, 1)})",
                "States.ArrayGetItem(States.StringSplit('x,y', ','), 1)",
            )
        )

    def _expression(self) -> str:
        own = f"${self._random.choice(self._visible)}"
        place = self._random.choice(("$states.input.a", "$states.input.b", own, "$states.context.Execution.Input.a"))
        return self._random.choice(
            (
                place,
                f"'{self._word()}-' & {place}",
                f"{place} = '{self._word()}' ? '{self._word()}' : {place}",
                f"$lowercase({place}) & '-x'",
                f"['{self._word()}', {place}][{self._random.randint(0, 1)}]",
                f"$join([{place}, '{self._word()}'], '-')",
                f"{{'{self._word()}': 'one', 'other': 'two'}}.{self._word()} ? 'one' : {place}",
            )
        )

    def _value(self, language: str, key: str) -> dict[str, Any]:
        """A field that holds a word."""
        if self._random.random() < 0.3:
            return {key: self._word()}
        if language == "JSONPath":
            return {f"{key}.$": self._path()}
        return {key: f"{{% {self._expression()} %}}"}

    def _data(self, language: str) -> dict[str, Any]:
        return {**self._value(language, "a"), **self._value(language, "b"), "l": [self._word(), self._word()]}

    def _first(self, _name: str, _language: str, _depth: int) -> dict[str, Any]:
        return {"Type": "Pass", "Assign": {name: self._word() for name in self._own}}

    def _pass(self, _name: str, language: str, _depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {"Type": "Pass"}
        if self._random.random() < 0.5:
            made["Assign"] = self._value(language, self._random.choice(self._own))
        if self._random.random() < 0.6:
            made["Parameters" if language == "JSONPath" else "Output"] = self._data(language)
        elif language == "JSONPath" and "Assign" not in made:
            # Where there is a result, `Assign` is about that.
            made |= {"Result": self._word(), "ResultPath": self._random.choice(("$.a", "$.b", "$.c"))}
        return made

    def _choice(self, _name: str, language: str, _depth: int) -> dict[str, Any]:
        if language == "JSONPath":
            place = self._random.choice(("$.a", "$.b", f"${self._own[0]}"))
            return {"Type": "Choice", "Choices": [{"Variable": place, "StringEquals": self._word()}]}
        place = self._random.choice(("$states.input.a", f"${self._own[0]}"))
        return {"Type": "Choice", "Choices": [{"Condition": f"{{% {place} = '{self._word()}' %}}"}]}

    def _task(self, name: str, language: str, _depth: int) -> dict[str, Any]:
        self.tasks.append(name)
        call = self._random.choice(tuple(_CALLS))
        arguments: dict[str, Any] = {}
        for key, template in _CALLS[call].items():
            fixed = key in _FIXED and "{}" not in template
            arguments |= {key: template} if fixed else self._filled(language, key, template)
        if call == "events:putEvents":
            arguments = {"Entries": [arguments]}
        made = {"Type": "Task", "Resource": f"arn:aws:states:::{call}"}
        if language == "JSONPath":
            where = self._random.choice((None, None, "$.c", "$.a"))
            chosen = {"ResultSelector": {"a": self._word()}} if where == "$.a" else {}
            return {**made, "Parameters": arguments, "ResultPath": "$.c" if where == "$.a" else where, **chosen}
        return {**made, "Arguments": arguments, "Output": "{% $states.input %}"}

    def _filled(self, language: str, key: str, template: str) -> dict[str, Any]:
        """An argument of which ``{}`` is a word that the data carries."""
        if template == "{}":
            return self._value(language, key)
        if language == "JSONPath":
            place = self._random.choice(("$.a", f"${self._random.choice(self._visible)}", "$.b"))
            return {f"{key}.$": f"States.Format('{template}', {place})"}
        before, _, after = template.partition("{}")
        return {key: f"{{% '{before}' & ({self._expression()}) & '{after}' %}}"}

    def _map(self, _name: str, language: str, depth: int) -> dict[str, Any]:
        inner = self.machine(language, depth + 1)
        self._depth = depth
        if language == "JSONPath":
            # The emulation takes `$` for the item here, and not for the map's input.
            selector = {"a.$": "$$.Map.Item.Value", "b.$": f"${self._random.choice(self._own)}", "l": []}
            return {
                "Type": "Map",
                "ItemsPath": "$.l",
                "ItemSelector": selector,
                "ItemProcessor": inner,
                "ResultPath": None,
            }
        items = self._random.choice((list(WORDS[:2]), "{% $states.input.l %}"))
        selector = {"a": "{% $states.context.Map.Item.Value %}", **self._value(language, "b"), "l": []}
        output = "{% $states.input %}"
        return {"Type": "Map", "Items": items, "ItemSelector": selector, "ItemProcessor": inner, "Output": output}

    def _parallel(self, _name: str, language: str, depth: int) -> dict[str, Any]:
        branches = [self.machine(language, depth + 1) for _ in range(self._random.randint(1, 2))]
        if language == "JSONPath":
            return {"Type": "Parallel", "Branches": branches, "ResultPath": None}
        return {"Type": "Parallel", "Branches": branches, "Output": "{% $states.input %}"}

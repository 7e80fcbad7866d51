"""How long a whole transform takes, as a multiple of reading and writing the same template as JSON.

Usage: python benchmarks/transform.py [machines] [states per machine]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.pipeline import Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

RUNS = 7


class NothingOutside:
    """Every definition of the benchmark stands in its template."""

    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        """Answer that there is nothing."""
        return {}


def state(number: int, *, last: bool) -> dict[str, Any]:
    """One of five kinds of task, of the size that real ones have."""
    follow = {"End": True} if last else {"Next": f"State{number + 1}"}
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}]
    calls: tuple[tuple[str, dict[str, Any]], ...] = (
        ("lambda:invoke", {"FunctionName": f"step-{number}", "Payload.$": "$"}),
        ("dynamodb:updateItem", {"TableName": "${Orders}", "Key": {"id": {"S.$": "$.id"}}}),
        ("sqs:sendMessage", {"QueueUrl": "${Queue}", "MessageBody.$": "$"}),
        ("sns:publish", {"TopicArn": "${Topic}", "Message.$": "$.message"}),
        ("events:putEvents", {"Entries": [{"Source": "bench", "DetailType": "Done", "Detail.$": "$"}]}),
    )
    api, parameters = calls[number % len(calls)]
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{api}",
        "Parameters": parameters,
        "ResultPath": f"$.results.step{number}",
        "Retry": retry,
        **follow,
    }


def template(machines: int, states: int) -> dict[str, Any]:
    """A template of ``machines`` state machines, each with ``states`` tasks in a row, as a string definition."""
    resources: dict[str, Any] = {
        "Orders": {"Type": "AWS::DynamoDB::Table"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
    for machine in range(machines):
        definition = {
            "StartAt": "State0",
            "States": {f"State{number}": state(number, last=number == states - 1) for number in range(states)},
        }
        resources[f"Machine{machine}"] = {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": json.dumps(definition),
                "DefinitionSubstitutions": {name: {"Ref": name} for name in ("Orders", "Queue", "Topic")},
            },
        }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def seconds(work: Callable[[], object]) -> float:
    """The median time of several runs."""
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    machines, states = (int(argument) for argument in (*sys.argv[1:], "100", "50")[:2])
    body = json.dumps(template(machines, states))
    fragment = json.loads(body)
    request = Request(NothingOutside(), "eu-west-1", "123456789012")
    round_trip = seconds(lambda: json.dumps(json.loads(body)))
    ours = seconds(lambda: transform(fragment, request))
    print(f"{machines} machines x {states} states, {len(body) / 1e6:.2f} MB")
    print(f"  JSON round trip    {round_trip * 1e3:8.1f} ms")
    print(f"  transform          {ours * 1e3:8.1f} ms = {ours / round_trip:.1f} x the round trip")
    print(f"  a state            {ours / (machines * states) * 1e6:8.1f} us")


if __name__ == "__main__":
    main()

"""What the catalogue of AWS SDK integrations costs: a service when it is first named, and a call from then on.

Usage: python benchmarks/sdk_catalogue.py

Figures are ratios to reading and writing a task's definition as JSON, measured in the same run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from transform import seconds

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.asl.task_resource import ServiceCall, task_call
from sfn_least_privilege.policy.catalog.sdk.loading import service_of
from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.findings import Location
from sfn_least_privilege.policy.needs.sdk import sdk_needs
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template.definition_text import from_text
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SERVICES = ("sqs", "s3", "dynamodb", "ec2")
CALLS: dict[str, dict[str, Any]] = {
    "sqs:receiveMessage": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"},
    "s3:putObject": {"Bucket": "orders", "Key.$": "$.key", "Body": "x"},
    "dynamodb:query": {"TableName": "orders", "IndexName": "by-day", "KeyConditionExpression": "d = :d"},
    "ec2:startInstances": {"InstanceIds": ["i-0123456789abcdef0"]},
}


def main() -> None:
    """Measure and print."""
    definitions = {api: definition(api, parameters) for api, parameters in CALLS.items()}
    some = json.dumps(definitions)
    round_trip = seconds(lambda: json.dumps(json.loads(some))) / len(definitions)
    print(f"a task's JSON round trip: {round_trip * 1e6:.1f} us")
    for service in SERVICES:
        time = seconds(lambda name=service: service_of.__wrapped__(name))
        print(f"  load {service:22} {time * 1e6:8.1f} us = {time / round_trip:6.1f} x the round trip")
    for api, text in definitions.items():
        first, again = seconds(lambda given=text: needs(given)()), seconds(needs(text))
        print(f"  {api:27} {again * 1e6:8.1f} us = {again / round_trip:6.1f} x the round trip", end="")
        print(f"; with its definition understood {first / round_trip:6.1f} x")


def definition(api: str, parameters: dict[str, Any]) -> str:
    """A machine of one task."""
    task = {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:{api}", "Parameters": parameters, "End": True}
    return json.dumps({"StartAt": "Only", "States": {"Only": task}})


def needs(text: str) -> Callable[[], object]:
    """A function that finds the needs of the task in a definition."""
    [task] = understand(from_text(text, {}), "Machine").tasks
    call = task_call(task.resources[0].text)
    if not isinstance(call, ServiceCall):
        raise TypeError(call)
    deployment = template_deployment("eu-west-1", "111122223333")
    surroundings = Surroundings("Machine", deployment, Text.of("arn"), Text.of("name"))
    return lambda: list(sdk_needs(call, task, Location("Machine", task.path), surroundings))


if __name__ == "__main__":
    main()

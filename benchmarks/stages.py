"""How long each stage takes for a state, as a multiple of reading and writing the definition as JSON.

Usage: python benchmarks/stages.py [states]
"""

from __future__ import annotations

import json
import sys

from transform import seconds, state

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.iam.placement import place
from sfn_least_privilege.policy.needs.workflow import workflow_needs
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template.definition_text import from_text
from sfn_least_privilege.policy.template.dependencies import Dependencies
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown


def main() -> None:
    """Measure and print."""
    states = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    text = json.dumps(
        {
            "StartAt": "State0",
            "States": {f"State{each}": state(each, last=each == states - 1) for each in range(states)},
        },
    )
    substitutions = {name: Text.of(Reference("Ref", name, Kind.ARN)) for name in ("Orders", "Queue", "Topic")}
    deployment = template_deployment("eu-west-1", "123456789012")
    definition = from_text(text, substitutions)
    workflow = understand(definition, "Machine")
    surroundings = Surroundings("Machine", deployment, unknown("not given"), unknown("not given"))
    needs, _ = workflow_needs(workflow, {}, surroundings)
    round_trip = seconds(lambda: json.dumps(json.loads(text)))
    print(f"one machine of {states:,} states, {len(text) / 1e6:.2f} MB; JSON round trip {round_trip * 1e3:.1f} ms")
    for name, work in (
        ("read", lambda: from_text(text, substitutions)),
        ("understand", lambda: understand(definition, "Machine")),
        # Arguments are evaluated when they are needed, and once: a new workflow for each run.
        ("understand + need", lambda: workflow_needs(understand(definition, "Machine"), {}, surroundings)),
        ("grant", lambda: place(needs, "Machine", Dependencies({}))),
    ):
        time = seconds(work)
        print(f"  {name:18} {time / states * 1e6:7.1f} us a state = {time / round_trip:5.1f} x the round trip")


if __name__ == "__main__":
    main()

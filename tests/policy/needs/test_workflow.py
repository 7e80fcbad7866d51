from __future__ import annotations

import json

from sfn_least_privilege.policy.catalog.keys import ENCRYPTED_TYPES
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.needs.workflow import KEY_PROPERTIES
from sfn_least_privilege.policy.pipeline import policy_for


def test_keys_are_looked_for_wherever_a_resource_can_name_one() -> None:
    named = {described.key.partition(".")[0].removesuffix("[]") for described in ENCRYPTED_TYPES.values()}
    assert named == KEY_PROPERTIES


def told(*resources: str) -> list[str]:
    arguments = {"JobDefinition": "sort:1", "JobQueue": "night", "PhoneNumber": "+491", "JobName.$": "$.job"}
    states = {
        f"S{number}": {
            "Type": "Task",
            "Resource": f"arn:aws:states:::{resource}",
            "Parameters": arguments,
            **({"Next": f"S{number + 1}"} if number + 1 < len(resources) else {"End": True}),
        }
        for number, resource in enumerate(resources)
    }
    definition = json.dumps({"StartAt": "S0", "States": states})
    outcome = policy_for(definition, literal_deployment("aws", "eu-west-1", "123456789012"))
    return [str(finding) for finding in outcome.findings]


def test_what_iam_forces_is_told_once_and_names_the_other_states() -> None:
    batch, why = "batch:submitJob.sync", "Batch does not limit it to jobs"
    assert told(batch, "sns:publish", batch, batch) == [
        f"SLP305 definition / S0: batch:DescribeJobs is granted on `*`: {why} (so too for `S2`, `S3`)",
        "SLP305 definition / S1: sns:Publish is granted on `*`: a phone number is no resource that IAM knows",
    ]


def test_of_many_states_three_are_named() -> None:
    (only,) = told(*["sns:publish"] * 6)
    assert only.endswith("(so too for `S1`, `S2`, `S3` and 2 more)")


def test_one_argument_that_opens_several_actions_is_told_of_once() -> None:
    (only,) = told("glue:startJobRun.sync")
    assert "glue:StartJobRun, glue:GetJobRun, glue:GetJobRuns, glue:BatchStopJobRun is granted on" in only

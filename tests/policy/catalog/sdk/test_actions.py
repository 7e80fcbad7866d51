"""The actions of every operation, held against the facts that the catalogue is built from."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.catalog.sdk.loading import service_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.sdk.model import Grant, Operation

FACTS = Path(__file__).parents[4] / "tools" / "sdk_facts"

# Where the catalogue knows better than the facts, and by which document.
CORRECTED = {
    "athena:GetQueryResults": "https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html",
    "bedrock-agent-runtime:RetrieveAndGenerate": "bedrock",
    "bedrock-runtime:Converse": "bedrock",
    "bedrock-runtime:ConverseStream": "bedrock",
    "bedrock-runtime:InvokeModel": "bedrock",
    "bedrock-runtime:InvokeModelWithResponseStream": "bedrock",
    "cloudformation:CreateChangeSet": "template in S3",
    "cloudformation:CreateStack": "template in S3",
    "cloudformation:CreateStackSet": "template in S3",
    "cloudformation:DeleteStack": "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html",
    "cloudformation:EstimateTemplateCost": "template in S3",
    "cloudformation:GetTemplateSummary": "template in S3",
    "cloudformation:UpdateStack": "template in S3",
    "cloudformation:UpdateStackSet": "template in S3",
    "cloudformation:ValidateTemplate": "template in S3",
    "dynamodb:ExportTableToPointInTime": (
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html"
    ),
    "devops-guru:AddNotificationChannel": (
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondevopsguru.html"
    ),
    "ec2:RunInstances": (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html"
    ),
    "iam:AddRoleToInstanceProfile": (
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html"
    ),
    "lambda:CreateFunction": "code in S3",
    "lambda:PublishLayerVersion": "code in S3",
    "lambda:UpdateFunctionCode": "code in S3",
    "rds:StartExportTask": "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html",
    "sqs:StartMessageMoveTask": (
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html"
    ),
    "sso-oidc:CreateTokenWithIAM": "its prefix in IAM is sso-oauth",
}
# An invocation through an inference profile does not look the profile up for its caller:
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
# Before every call of Timestream, the SDK asks for an endpoint (botocore's trait `endpointdiscovery`).
ENDPOINTS = ("timestream-query:", "timestream-write:")


TAGGING = re.compile(r"[\w-]+:(?:Tag|AddTags|CreateTags)\w*")


@cache
def exceptions() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = json.loads((FACTS / "action_exceptions.json").read_text("utf-8"))
    return content


@cache
def operations() -> dict[str, tuple[Operation, set[str], bool]]:
    """Every operation of a service that there still is: itself, the actions that the facts expect, whether listed."""
    found = {}
    with (FACTS / "services.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            service = service_of(row["sfn_name"])
            assert service is not None
            for name in service.operation_names:
                operation = service.operation(name)
                assert operation is not None
                key = f"{row['botocore_name']}:{name}"
                found[f"{row['sfn_name']} {key}"] = (
                    operation,
                    expected(key, f"{row['iam_prefix']}:{name}"),
                    row["listed_in_sfn_docs"] != "no",
                )
    return found


def expected(key: str, by_rule: str) -> set[str]:
    row = exceptions().get(key)
    if row is None:
        return {by_rule}
    passing = {"iam:PassRole"} if row.get("pass_role") else set()
    return {*row["actions"], *(each["action"] for each in row.get("optional", ()))} | passing


def catalogued(key: str, operation: Operation) -> set[str]:
    """The actions of the catalogue, without that for tags that a call gives, which the facts do not speak of."""
    told = {action.strip() for each in operation.untold for action in each.actions.split(",")}
    passing = {"iam:PassRole"} if operation.roles else set()
    granted = {grant.action for grant in operation.grants if not is_tagging(grant)}
    tagging = {grant.action for grant in operation.grants if is_tagging(grant)}
    row = exceptions().get(key, {})
    spoken = {each["action"] for each in row.get("optional", ())} | set(row.get("actions", ()))
    return granted | (tagging & spoken) | told | passing


def is_tagging(grant: Grant) -> bool:
    """Whether it is the right to tag, for calls that give tags."""
    return TAGGING.fullmatch(grant.action) is not None and any(
        question.path.text.lower() in {"tags", "taglist", "tagslist"} for each in grant.when for question in each
    )


def differing() -> list[str]:
    return [
        key
        for key, (operation, wanted, _) in by_key()
        if {each.lower() for each in catalogued(key, operation)} != {each.lower() for each in wanted}
    ]


def by_key() -> list[tuple[str, tuple[Operation, set[str], bool]]]:
    return [(name.partition(" ")[2], found) for name, found in operations().items()]


def test_every_operation_of_every_service_is_there() -> None:
    assert len(operations()) > 19_700
    assert sum(listed for _, _, listed in operations().values()) > 18_400


def test_more_than_99_percent_of_the_listed_operations_have_the_expected_actions() -> None:
    listed = [(key, operation, wanted) for key, (operation, wanted, is_listed) in by_key() if is_listed]
    equal = sum(catalogued(key, operation) == wanted for key, operation, wanted in listed)

    assert equal / len(listed) > 0.99


def test_where_the_actions_differ_a_document_says_better() -> None:
    unexplained = [key for key in differing() if key not in CORRECTED and not key.startswith(ENDPOINTS)]

    assert unexplained == []
    assert CORRECTED.keys() <= set(differing())


def test_the_sdk_of_timestream_asks_for_an_endpoint_first() -> None:
    for key, (operation, wanted, _) in by_key():
        if key.startswith(ENDPOINTS):
            assert catalogued(key, operation) == wanted | {"timestream:DescribeEndpoints"}, key


def test_an_action_that_is_assumed_carries_the_mark_that_leads_to_a_finding() -> None:
    for key, (operation, _, _) in by_key():
        assert operation.assumed is (exceptions().get(key, {}).get("kind") == "assumed"), key


def test_an_action_is_spelled_as_one_of_iam() -> None:
    for key, (operation, _, _) in by_key():
        for action in {grant.action for grant in operation.grants}:
            assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", action), (key, action)

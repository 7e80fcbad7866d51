"""Keys and objects that a service may use as the caller."""

from __future__ import annotations

from typing import Any

import pytest
from sdk_calls import ask

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


@pytest.mark.parametrize(
    ("api", "parameters", "what"),
    [
        ("ec2:createVolume", {"AvailabilityZone": "a", "KmsKeyId": KEY}, "the key in `KmsKeyId`"),
        ("ec2:createVolume", {"AvailabilityZone": "a", "KmsKeyId.$": "$.key"}, "the key in `KmsKeyId`"),
        (
            "elasticbeanstalk:createApplicationVersion",
            {"ApplicationName": "a", "VersionLabel": "v", "SourceBundle": {"S3Bucket": "code", "S3Key": "a.zip"}},
            "the bucket or object in `SourceBundle.S3Bucket`",
        ),
    ],
)
def test_what_the_service_may_use_as_the_caller_is_told(api: str, parameters: dict[str, Any], what: str) -> None:
    assert what in ask(api, parameters).detail("SLP331")


@pytest.mark.parametrize(
    ("api", "parameters"),
    [
        ("ec2:createVolume", {"AvailabilityZone": "a"}),
        ("ec2:createVolume", {"AvailabilityZone": "a", "KmsKeyId": None}),
        ("dynamodb:createTable", {"TableName": "t", "SSESpecification": {"KMSMasterKeyId": KEY}}),
    ],
)
def test_nothing_is_told_where_nothing_is_named_or_its_permissions_are_known(
    api: str, parameters: dict[str, Any]
) -> None:
    assert "SLP331" not in ask(api, parameters).told

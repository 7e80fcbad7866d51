"""The names that a distributed map gives of buckets and folders."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.catalog.forms.map_data import bucket_arn, folder
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.rendering import render_pattern
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
ARN = Text((Reference("Fn::GetAtt", "Data.Arn", Kind.ARN, "Data", "AWS::S3::Bucket"),))
BUCKET = Reference("Ref", "Data", Kind.NAME, "Data", "AWS::S3::Bucket", ARN)
IMPORTED = Reference("Fn::ImportValue", '"data"')


def parameter(value: str) -> Reference:
    return Reference("Ref", "Given", sample=value)


@pytest.mark.parametrize(
    ("bucket", "arn"),
    [
        (Text.of("data"), "arn:aws:s3:::data"),
        (Text.of(BUCKET), {"Fn::GetAtt": ["Data", "Arn"]}),
        (Text.of(BUCKET, "-copy"), {"Fn::Sub": "arn:aws:s3:::${Data}-copy"}),
        (Text.of(parameter("data")), {"Fn::Sub": "arn:aws:s3:::${Given}"}),
        (
            Text.of(IMPORTED),
            {"Fn::Sub": ["arn:aws:s3:::${Value1}", {"Value1": {"Fn::ImportValue": "data"}}]},
        ),
        (unknown("a run knows"), "arn:aws:s3:::*"),
        (
            Text.of("arn:aws:s3:eu-west-1:123456789012:accesspoint/a"),
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/a",
        ),
    ],
)
def test_a_bucket_is_known_by_its_name(bucket: Text, arn: object) -> None:
    assert render_pattern(bucket_arn(bucket, DEPLOYMENT)) == arn


@pytest.mark.parametrize(
    ("prefix", "begins"),
    [
        (Text.of("jobs"), "jobs/"),
        (Text.of("jobs/"), "jobs/"),
        (Text.of("jobs//"), "jobs/"),
        (Text.of("jobs/", parameter("today")), {"Fn::Sub": "jobs/${Given}/"}),
        (Text.of("jobs/", parameter("today/")), {"Fn::Sub": "jobs/${Given}"}),
        (Text.of(parameter("today"), "/"), {"Fn::Sub": "${Given}/"}),
        (unknown("a run knows"), "*/"),
        (Text(), ""),
        (Text.of("/"), ""),
    ],
)
def test_a_folder_ends_in_one_slash(prefix: Text, begins: object) -> None:
    assert render_pattern(folder(prefix, DEPLOYMENT)) == begins

"""Whether a condition of the catalogue can hold for what is known of an argument."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.arguments import known_arguments
from sfn_least_privilege.policy.catalog.sdk.model import Check, Question
from sfn_least_privilege.policy.catalog.sdk.reading import path_of
from sfn_least_privilege.policy.needs.sdk.questions import may_hold
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown
from sfn_least_privilege.policy.value import ObjectValue

BUCKET = Reference("Ref", "In", Kind.NAME, "In", "AWS::S3::Bucket")
PARAMETER = Reference("Ref", "Source", Kind.UNKNOWN)
VERSION = Question(path_of("CopySource"), Check.HOLDS, "versionid=")
NO_VERSION = Question(path_of("CopySource"), Check.LACKS, "versionid=")


@pytest.mark.parametrize(
    ("source", "with_version", "without"),
    [
        (Text.of("b/k"), False, True),
        (Text.of("b/k?versionId=1"), True, False),
        (Text.of(BUCKET, "/k"), False, True),
        (Text.of(BUCKET, "/k?versionId=", unknown("why")), True, True),
        (Text.of(PARAMETER), True, True),
        (unknown("why"), True, True),
    ],
)
def test_a_bucket_s_name_holds_no_version(source: Text, with_version: bool, without: bool) -> None:  # noqa: FBT001 -- expected
    arguments = known_arguments(ObjectValue({"CopySource": source}))
    assert may_hold(((VERSION,),), arguments) is with_version
    assert may_hold(((NO_VERSION,),), arguments) is without

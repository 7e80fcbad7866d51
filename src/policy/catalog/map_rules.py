"""What a distributed map requires for its child executions, its items and its results.

https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.map_data import (
    any_data_of_manifest,
    bucket_arn,
    data_of_inventory,
    executions_of_map,
    folder,
    own_executions,
    own_machine,
)
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    ArnPart,
    ComposedArn,
    Derived,
    Given,
    Grant,
    GrantCondition,
    Integration,
    Is,
    NotGiven,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"
_READERS_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html"

_REDRIVE = ("states:RedriveExecution",)
_REDRIVE_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html"
_STATES = "arn:{Partition}:states:{Region}:{AccountId}"
_OF_THIS_MAP = Derived(executions_of_map, "StateMachineName", f"{_STATES}:execution:{{StateMachineName}}/{{Label}}:*")

MAP_RUN = Integration(
    service="states",
    api="distributed map",
    patterns=REQUEST_RESPONSE,
    grants=(
        Grant(
            ("states:StartExecution",),
            Derived(own_machine, "StateMachineName", f"{_STATES}:stateMachine:{{StateMachineName}}"),
        ),
        Grant(
            ("states:DescribeExecution", "states:StopExecution"),
            Derived(own_executions, "StateMachineName", f"{_STATES}:execution:{{StateMachineName}}:*"),
            note="Today's page has DescribeExecution only; its older form, the console and CDK have StopExecution "
            "as well, which a map needs to stop its children when it fails. Followed is the fuller form.",
        ),
        Grant(_REDRIVE, _OF_THIS_MAP, when=(Is("ExecutionType", ("STANDARD",)),), documentation=_REDRIVE_PAGE),
        Grant(_REDRIVE, _OF_THIS_MAP, when=(NotGiven("ExecutionType"),), documentation=_REDRIVE_PAGE),
    ),
    requires=(),
    documentation=_PAGE,
    basis=Basis.DOCUMENTED,
    note="Roles made by the console in 2023 hold the managed rule of nested executions as well. Neither the page nor "
    "CDK, whose distributed maps run, grants it: a map run watches its children itself. Express children are never "
    "redriven but started again.",
)

_BUCKET = ComposedArn("{}", (ArnPart("Bucket", bucket_arn),))
_OBJECT = ComposedArn("{}/{}", (ArnPart("Bucket", bucket_arn), ArnPart("Key")))
_LISTED_OBJECTS = ComposedArn("{}/{}*", (ArnPart("Bucket", bucket_arn), ArnPart("Prefix", default="")))
_PREFIX = GrantCondition("StringLike", "s3:prefix", ComposedArn("{}", (ArnPart("Prefix"),)))

_GET = ("s3:GetObject",)
_LIST = ("s3:ListBucket",)
_INVENTORY = Derived(data_of_inventory, "Key", "{Bucket}/{Key less its last two parts}/data/*")

READERS: Mapping[str, Integration] = {
    row.api: row
    for row in (
        Integration(
            service="s3",
            api="listObjectsV2",
            patterns=REQUEST_RESPONSE,
            grants=(
                Grant(_LIST, _BUCKET, when=(Given("Prefix"),), conditions=(_PREFIX,)),
                Grant(_LIST, _BUCKET, when=(NotGiven("Prefix"),)),
                Grant(_GET, _LISTED_OBJECTS, when=(Is("Transformation", ("LOAD_AND_FLATTEN",)),)),
            ),
            requires=("Bucket",),
            documentation=_PAGE,
            basis=Basis.DOCUMENTED,
            note="The condition holds the prefix as it is given, which is what the request says and what roles made "
            "by the console hold. Objects are read by LOAD_AND_FLATTEN only; else the list itself is the items.",
        ),
        Integration(
            service="s3",
            api="getObject",
            patterns=REQUEST_RESPONSE,
            grants=(
                Grant(_GET, _OBJECT),
                Grant(
                    ("s3:GetObjectVersion",),
                    _OBJECT,
                    when=(Given("VersionId"),),
                    basis=Basis.DERIVED,
                    documentation="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
                ),
                Grant(_GET, _INVENTORY, when=(Is("InputType", ("MANIFEST",)), NotGiven("ManifestType"))),
                Grant(_GET, _INVENTORY, when=(Is("ManifestType", ("S3_INVENTORY",)),)),
                Grant(
                    _GET,
                    Derived(any_data_of_manifest, "Key", "arn:{Partition}:s3:::*/*"),
                    when=(Is("ManifestType", ("ATHENA_DATA",)),),
                    basis=Basis.DERIVED,
                    documentation=_READERS_PAGE,
                    note="The manifest of an UNLOAD lists objects of the query's own target, which may be any bucket; "
                    "no policy is printed for it.",
                ),
            ),
            requires=("Bucket",),
            documentation=_PAGE,
            basis=Basis.DOCUMENTED,
            note="The page prints the policy for CSV and for inventories; JSON, JSON Lines and Parquet are read by "
            "the same call. The data of an inventory stands beside the folder of its manifest; the page's example "
            "leaves out the bucket.",
        ),
    )
}

WRITERS: Mapping[str, Integration] = {
    "putObject": Integration(
        service="s3",
        api="putObject",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(
                ("s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
                ComposedArn("{}/{}*", (ArnPart("Bucket", bucket_arn), ArnPart("Prefix", folder, default=""))),
            ),
        ),
        requires=("Bucket",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
    ),
}

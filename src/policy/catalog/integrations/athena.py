"""Amazon Athena: queries, their state and their results."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.left_open import left_open
from sfn_least_privilege.policy.catalog.forms.query import (
    catalogue,
    changes_catalogue,
    drops_databases,
    result_keys,
    written_buckets,
    written_objects,
)
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    SYNC,
    SYNC_ONLY,
    ArnPart,
    ComposedArn,
    Derived,
    EveryResource,
    FixedArn,
    Grant,
    GrantCondition,
    Integration,
)

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html"
_WORK_GROUPS = "arn:{Partition}:athena:{Region}:{AccountId}:workgroup/{}"
_WORK_GROUP = ComposedArn(_WORK_GROUPS, (ArnPart("WorkGroup", default="primary"),))
_OF_EXECUTION = left_open("QueryExecutionId", "the id of a query does not name its work group", _WORK_GROUPS)
_READ_ANYWHERE = left_open(
    "QueryString",
    "the tables that a query reads, and the result location, may lie in any bucket",
    "arn:{Partition}:s3:::{}",
)
_STATEMENTS = "https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"
_READ_ONLY = (
    "The page grants this to every query. One whose text begins with SELECT, WITH, SHOW or DESCRIBE changes no table, "
    "and writes its result only."
)
_FUNCTIONS = "Of all these, the service authorization reference knows functions for the dropping of a database only."
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_KEY = "ResultConfiguration.EncryptionConfiguration.KmsKey"
_ENCRYPTION = "https://docs.aws.amazon.com/athena/latest/ug/encryption.html"
_OWN_KEY = "A result is written and read in the caller's name; the page of Step Functions does not have it."

INTEGRATIONS = (
    Integration(
        service="athena",
        api="startQueryExecution",
        patterns=SYNC,
        grants=(
            Grant(("athena:StartQueryExecution",), _WORK_GROUP),
            Grant(
                (
                    "athena:StopQueryExecution",
                    "athena:GetQueryExecution",
                    "athena:GetWorkGroup",
                    "athena:BatchGetQueryExecution",
                    "athena:GetQueryResults",
                    "athena:ListQueryExecutions",
                ),
                _WORK_GROUP,
                patterns=SYNC_ONLY,
                note="The page of 2022, CDK and Terraform's module know the first two only; the current page is "
                "followed, because a permission that is missing breaks runs.",
            ),
            Grant(
                ("athena:GetDataCatalog",),
                left_open(
                    "QueryString",
                    "a query can name any data catalogue beside that of its context",
                    "arn:{Partition}:athena:{Region}:{AccountId}:datacatalog/{}",
                ),
                note="The page names work groups and data catalogues for all actions together; IAM knows catalogues "
                "for this action and work groups for the others.",
            ),
            Grant(("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"), _READ_ANYWHERE),
            Grant(
                ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
                Derived(written_objects, "QueryString` and `ResultConfiguration.OutputLocation"),
                basis=Basis.DERIVED,
                documentation=_STATEMENTS,
                note=f"{_READ_ONLY} That result goes where the work group of the template says, or else where the "
                "task says if it names no work group; a work group that cannot be seen may enforce another place. "
                "The group `primary` is taken not to enforce one, as it is made.",
            ),
            Grant(
                ("s3:CreateBucket", "s3:ListBucketMultipartUploads"),
                Derived(written_buckets, "QueryString` and `ResultConfiguration.OutputLocation"),
                basis=Basis.DERIVED,
                documentation=_STATEMENTS,
                note=_READ_ONLY,
            ),
            Grant(
                (
                    "glue:GetDatabase",
                    "glue:GetDatabases",
                    "glue:GetTable",
                    "glue:GetTables",
                    "glue:GetPartition",
                    "glue:GetPartitions",
                    "glue:BatchGetPartition",
                ),
                Derived(catalogue, "QueryString"),
                note="CDK narrows to the database of the query's context. A query may name any other, so that the "
                f"documented form stays, less what IAM does not know for these actions. {_FUNCTIONS}",
            ),
            Grant(
                (
                    "glue:CreateDatabase",
                    "glue:UpdateDatabase",
                    "glue:CreateTable",
                    "glue:UpdateTable",
                    "glue:DeleteTable",
                    "glue:BatchDeleteTable",
                    "glue:CreatePartition",
                    "glue:UpdatePartition",
                    "glue:DeletePartition",
                    "glue:BatchCreatePartition",
                    "glue:BatchDeletePartition",
                ),
                Derived(changes_catalogue, "QueryString"),
                basis=Basis.DERIVED,
                documentation=_STATEMENTS,
                note=f"{_READ_ONLY} {_FUNCTIONS}",
            ),
            Grant(
                ("glue:DeleteDatabase",),
                Derived(drops_databases, "QueryString"),
                basis=Basis.DERIVED,
                documentation=_STATEMENTS,
                note=f"{_READ_ONLY} {_FUNCTIONS}",
            ),
            Grant(
                _KEY_ACTIONS,
                Derived(result_keys("SSE_KMS"), _KEY, "The keys of what is encrypted by S3 (`SSE_KMS`)"),
                conditions=(GrantCondition("StringEquals", "kms:ViaService", FixedArn("s3.{Region}.amazonaws.com")),),
                basis=Basis.DERIVED,
                documentation=_ENCRYPTION,
                note=_OWN_KEY,
            ),
            Grant(
                _KEY_ACTIONS,
                Derived(result_keys("CSE_KMS"), _KEY, "The keys of what is encrypted by Athena (`CSE_KMS`)"),
                basis=Basis.DERIVED,
                documentation=_ENCRYPTION,
                note=_OWN_KEY,
            ),
            Grant(("lakeformation:GetDataAccess",), EveryResource("Lake Formation knows no resource for it")),
        ),
        requires=("QueryString",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
        note="Athena reads S3 and the catalogue with the role of the caller. Not documented here, and not granted: the "
        "function of a federated data source.",
    ),
    Integration(
        service="athena",
        api="stopQueryExecution",
        patterns=REQUEST_RESPONSE,
        grants=(Grant(("athena:StopQueryExecution",), _OF_EXECUTION),),
        requires=("QueryExecutionId",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
    ),
    Integration(
        service="athena",
        api="getQueryExecution",
        patterns=REQUEST_RESPONSE,
        grants=(Grant(("athena:GetQueryExecution",), _OF_EXECUTION),),
        requires=("QueryExecutionId",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
        note="Terraform's module grants athena:StopQueryExecution instead, which is another call.",
    ),
    Integration(
        service="athena",
        api="getQueryResults",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("athena:GetQueryResults",), _OF_EXECUTION),
            Grant(
                ("s3:GetObject",),
                left_open(
                    "QueryExecutionId",
                    "the id of a query does not name the place of its result",
                    "arn:{Partition}:s3:::{}",
                ),
            ),
        ),
        requires=("QueryExecutionId",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
    ),
)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = "arn:aws:athena:eu-west-1:123456789012:workgroup"
SELECT = {"QueryString": "SELECT * FROM orders"}
RESULTS = {"ResultConfiguration": {"OutputLocation": "s3://results/daily/"}}
START = "athena:startQueryExecution"


def test_a_query_runs_in_its_work_group(granted: Callable[..., Any]) -> None:
    role = granted(START, {**SELECT, "WorkGroup": "reports"})
    assert role.on("athena:StartQueryExecution") == f"{GROUP}/reports"
    assert "athena:GetQueryExecution" not in role.actions


def test_a_query_without_a_work_group_runs_in_primary(granted: Callable[..., Any]) -> None:
    assert granted(START, SELECT).on("athena:StartQueryExecution") == f"{GROUP}/primary"


def test_a_work_group_that_is_not_known_is_one_of_the_own_account(granted: Callable[..., Any]) -> None:
    assert granted(START, {**SELECT, "WorkGroup.$": "$.group"}).on("athena:StartQueryExecution") == f"{GROUP}/*"


def test_sync_watches_and_stops_queries_of_the_work_group(granted: Callable[..., Any]) -> None:
    role = granted(f"{START}.sync", {**SELECT, "WorkGroup": "reports"})
    assert role.on("athena:GetQueryExecution") == f"{GROUP}/reports"
    assert role.on("athena:StopQueryExecution") == f"{GROUP}/reports"
    assert not any(action.startswith("events:") for action in role.actions)


def test_the_catalogue_stays_open_in_the_types_that_each_action_has(granted: Callable[..., Any]) -> None:
    role = granted(START, {**SELECT, "QueryExecutionContext": {"Database": "shop", "Catalog": "AwsDataCatalog"}})
    assert role.on("glue:GetTable") == [
        f"arn:aws:glue:eu-west-1:123456789012:{kind}" for kind in ("catalog", "database/*", "table/*")
    ]
    assert role.on("athena:GetDataCatalog") == "arn:aws:athena:eu-west-1:123456789012:datacatalog/*"
    assert role.on("lakeformation:GetDataAccess") == "*"


def test_functions_go_with_a_database_that_is_dropped(granted: Callable[..., Any]) -> None:
    role = granted(START, {"QueryString": "DROP DATABASE shop CASCADE"})
    functions = "arn:aws:glue:eu-west-1:123456789012:userDefinedFunction/*"
    assert functions in role.on("glue:DeleteDatabase")
    assert functions not in role.on("glue:DeleteTable")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        "  with a as (select 1) select * from a",
        "-- what we sold\nSELECT 1",
        "/* what\nwe sold */ SELECT 1",
        "SHOW TABLES",
        "DESCRIBE orders",
        "{% 'SELECT * FROM orders WHERE day = ' & $states.input.day %}",
    ],
)
def test_a_query_that_only_reads_changes_no_table(granted: Callable[..., Any], query: str) -> None:
    role = granted(START, {"QueryString": query, **RESULTS}, QueryLanguage="JSONata")
    assert "glue:GetTable" in role.actions
    assert "glue:DeleteTable" not in role.actions
    assert role.on("s3:PutObject") == "arn:aws:s3:::results/daily/*"


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO daily SELECT * FROM orders",
        "CREATE TABLE daily AS SELECT * FROM orders",
        "UNLOAD (SELECT * FROM orders) TO 's3://elsewhere/'",
        "EXPLAIN ANALYZE INSERT INTO daily SELECT 1",
        "EXECUTE prepared",
        "SELECTED",
        "{% $states.input.query %}",
        "{% $states.input.cte & 'SELECT 1' %}",
    ],
)
def test_a_query_that_may_write_gets_what_is_documented(granted: Callable[..., Any], query: str) -> None:
    role = granted(START, {"QueryString": query, **RESULTS}, QueryLanguage="JSONata")
    assert "glue:DeleteTable" in role.actions
    assert role.on("s3:PutObject") == "arn:aws:s3:::*"
    assert role.on("s3:CreateBucket") == "arn:aws:s3:::*"


def test_the_group_primary_is_the_one_of_a_task_without(granted: Callable[..., Any]) -> None:
    role = granted(START, {**SELECT, **RESULTS, "WorkGroup": "primary"})
    assert role.on("s3:PutObject") == "arn:aws:s3:::results/daily/*"


def test_a_query_may_read_tables_in_any_bucket(granted: Callable[..., Any]) -> None:
    role = granted(START, {**SELECT, **RESULTS})
    assert role.on("s3:GetObject") == "arn:aws:s3:::*"
    assert "SLP304" in role.told()


@pytest.mark.parametrize(
    ("location", "objects", "bucket"),
    [
        ("s3://results", "arn:aws:s3:::results/*", "arn:aws:s3:::results"),
        ("s3://results/daily", "arn:aws:s3:::results/daily/*", "arn:aws:s3:::results"),
        ("{% 's3://results/' & $states.input.day %}", "arn:aws:s3:::results/*", "arn:aws:s3:::results"),
        ("{% 's3://' & $states.input.bucket & '/daily/' %}", "arn:aws:s3:::*/daily/*", "arn:aws:s3:::*"),
        ("{% $states.input.location %}", "arn:aws:s3:::*", "arn:aws:s3:::*"),
        ("results", "arn:aws:s3:::*", "arn:aws:s3:::*"),
        ("s3://", "arn:aws:s3:::*", "arn:aws:s3:::*"),
        ("s3:///daily", "arn:aws:s3:::/daily/*", "arn:aws:s3:::"),
    ],
)
def test_the_result_goes_where_the_task_says(
    granted: Callable[..., Any],
    location: str,
    objects: str,
    bucket: str,
) -> None:
    arguments = {**SELECT, "ResultConfiguration": {"OutputLocation": location}}
    role = granted(START, arguments, QueryLanguage="JSONata")
    assert role.on("s3:PutObject") == objects
    assert role.on("s3:ListBucketMultipartUploads") == bucket


@pytest.mark.parametrize("arguments", [SELECT, {**SELECT, **RESULTS, "WorkGroup": "elsewhere"}])
def test_a_result_location_that_nothing_shows_is_open(granted: Callable[..., Any], arguments: dict[str, Any]) -> None:
    assert granted(START, arguments).on("s3:PutObject") == "arn:aws:s3:::*"


def work_group(**configuration: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {"Name": "reports", "WorkGroupConfiguration": configuration},
    }


OF_GROUP = {"ResultConfiguration": {"OutputLocation": {"Fn::Sub": "s3://${Bucket}/group/"}}}
BUCKET = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}}}


@pytest.mark.parametrize("group", [{"Ref": "Reports"}, "reports"])
def test_the_location_that_a_work_group_enforces_is_the_one(granted_beside: Callable[..., Any], group: Any) -> None:
    role = granted_beside(
        START,
        {**SELECT, **RESULTS, "WorkGroup": group},
        {"Reports": work_group(EnforceWorkGroupConfiguration=True, **OF_GROUP), **BUCKET},
    )
    (objects,) = {str(role.on("s3:PutObject"))}
    assert "group/*" in objects
    assert "results" not in objects


def test_a_work_group_that_enforces_nothing_leaves_the_tasks_location(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        START,
        {**SELECT, **RESULTS, "WorkGroup": {"Ref": "Reports"}},
        {"Reports": work_group(EnforceWorkGroupConfiguration=False, **OF_GROUP), **BUCKET},
    )
    assert role.on("s3:PutObject") == {"Fn::Sub": "arn:${AWS::Partition}:s3:::results/daily/*"}


def test_the_work_groups_location_stands_in_for_the_tasks(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        START,
        {**SELECT, "WorkGroup": {"Ref": "Reports"}},
        {"Reports": work_group(EnforceWorkGroupConfiguration=False, **OF_GROUP), **BUCKET},
    )
    assert "/group/*" in str(role.on("s3:PutObject"))


def test_both_locations_are_granted_where_nothing_says_which(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        START,
        {**SELECT, **RESULTS, "WorkGroup": {"Ref": "Reports"}},
        {"Reports": work_group(**OF_GROUP), **BUCKET},
    )
    assert len(role.on("s3:PutObject")) == 2


@pytest.mark.parametrize(
    ("api", "action"),
    [
        ("stopQueryExecution", "athena:StopQueryExecution"),
        ("getQueryExecution", "athena:GetQueryExecution"),
        ("getQueryResults", "athena:GetQueryResults"),
    ],
)
def test_the_id_of_a_query_does_not_show_its_work_group(granted: Callable[..., Any], api: str, action: str) -> None:
    role = granted(f"athena:{api}", {"QueryExecutionId.$": "$.id"})
    assert role.on(action) == f"{GROUP}/*"
    assert "SLP304" in role.told()


def test_results_are_read_where_they_are(granted: Callable[..., Any]) -> None:
    role = granted("athena:getQueryResults", {"QueryExecutionId.$": "$.id"})
    assert role.on("s3:GetObject") == "arn:aws:s3:::*"


@pytest.mark.parametrize("resource", ["athena:getQueryResults.sync", f"{START}.waitForTaskToken"])
def test_patterns(refused: Callable[[str], str], resource: str) -> None:
    assert "does not support the pattern" in refused(resource)


KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"


@pytest.mark.parametrize(
    ("option", "condition"),
    [("SSE_KMS", {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}), ("CSE_KMS", None)],
)
def test_a_result_is_encrypted_with_the_key_that_the_task_names(
    granted: Callable[..., Any], option: str, condition: dict[str, Any] | None
) -> None:
    encryption = {"EncryptionConfiguration": {"EncryptionOption": option, "KmsKey": KEY}}
    role = granted(START, {**SELECT, "ResultConfiguration": {"OutputLocation": "s3://results/", **encryption}})
    assert role.on("kms:GenerateDataKey") == role.on("kms:Decrypt") == KEY
    assert role.condition("kms:Decrypt") == condition


def test_a_key_that_is_known_by_its_alias_only_is_told_of(granted: Callable[..., Any]) -> None:
    encryption = {"EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": "alias/results"}}
    role = granted(START, {**SELECT, "ResultConfiguration": {"OutputLocation": "s3://results/", **encryption}})
    assert role.on("kms:Decrypt") == "arn:aws:kms:eu-west-1:123456789012:key/*"
    assert any("kms:Decrypt" in str(finding) for finding in role.findings)


def test_a_result_is_encrypted_with_the_key_of_the_work_group(granted_beside: Callable[..., Any]) -> None:
    encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": {"Fn::GetAtt": ["Key", "Arn"]}}
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://results/", "EncryptionConfiguration": encryption}}
    group = {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {"Name": "reports", "WorkGroupConfiguration": configuration},
    }
    resources = {"Key": {"Type": "AWS::KMS::Key"}, "Reports": group}
    role = granted_beside(START, {**SELECT, "WorkGroup": {"Ref": "Reports"}}, resources)
    assert role.on("kms:Decrypt") == {"Fn::GetAtt": ["Key", "Arn"]}


def test_the_service_s_own_key_needs_nothing(granted: Callable[..., Any]) -> None:
    encryption = {"EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    role = granted(START, {**SELECT, "ResultConfiguration": {"OutputLocation": "s3://results/", **encryption}})
    assert "kms:Decrypt" not in role.actions

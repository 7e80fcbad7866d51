from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from sfn_least_privilege.handler import s3_definitions
from sfn_least_privilege.handler.s3_definitions import MAX_DEFINITION_BYTES, S3Definitions
from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.template.definitions import LocalFile, S3Object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

BUCKET = "artifacts"
OBJECT = S3Object(BUCKET, "orders/abc123.asl.json")
VERSION = S3Object(BUCKET, "orders/abc123.asl.json", "v1")


@pytest.fixture
def bucket() -> Iterator[S3Client]:
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-1")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def fetch(location: S3Object | LocalFile, region: str = "eu-west-1") -> str | DefinitionUnavailableError:
    return S3Definitions(region).fetch([location])[location]


def error_of(location: S3Object | LocalFile, region: str = "eu-west-1") -> str:
    fetched = fetch(location, region)
    assert isinstance(fetched, DefinitionUnavailableError)
    return str(fetched)


def test_an_object_is_read(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body="{“StartAt”}".encode())

    assert fetch(OBJECT) == "{“StartAt”}"


def test_a_byte_order_mark_is_no_part_of_the_text(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b"\xef\xbb\xbf{}")

    assert fetch(OBJECT) == "{}"


def test_the_named_version_is_read(bucket: S3Client) -> None:
    first = bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b"first")
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b"second")

    assert fetch(S3Object(BUCKET, OBJECT.key, first["VersionId"])) == "first"
    assert fetch(OBJECT) == "second"


def test_many_objects_come_back_in_order(bucket: S3Client) -> None:
    locations = [S3Object(BUCKET, f"{number}.json") for number in range(40)]
    for location in locations[:39]:
        bucket.put_object(Bucket=BUCKET, Key=location.key, Body=location.key.encode())

    fetched = S3Definitions("eu-west-1").fetch(locations)

    assert list(fetched) == locations
    assert [fetched[location] for location in locations[:39]] == [location.key for location in locations[:39]]
    assert "no such object" in str(fetched[locations[39]])


def test_several_objects_are_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(4, timeout=10)

    class Client:
        def get_object(self, **_: str) -> dict[str, Any]:
            together.wait()
            return {"Body": StreamingBody(io.BytesIO(b"{}"), 2)}

    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: Client())
    locations = [S3Object(BUCKET, str(number)) for number in range(4)]

    assert set(S3Definitions("eu-west-1").fetch(locations).values()) == {"{}"}


def test_the_largest_definition_is_read(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b" " * MAX_DEFINITION_BYTES)

    assert fetch(OBJECT) == " " * MAX_DEFINITION_BYTES


def test_a_larger_one_is_refused(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b" " * (MAX_DEFINITION_BYTES + 1))

    assert "larger than 1,048,576 bytes" in error_of(OBJECT)


def test_of_a_huge_object_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.asked += size
            return b" " * size

    endless = Endless()

    class Client:
        def get_object(self, **_: str) -> dict[str, Any]:
            return {"Body": StreamingBody(endless, 10**12)}

    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: Client())

    assert "larger than" in error_of(OBJECT)
    assert endless.asked == MAX_DEFINITION_BYTES + 1
    assert endless.closed


def test_what_is_no_text_is_refused(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b"\xff\xfe{\x00")

    assert "not UTF-8" in error_of(OBJECT)


def test_a_missing_object(bucket: S3Client) -> None:
    assert bucket
    assert error_of(OBJECT) == (
        "There is no such object in the bucket. Package the template again. "
        "(bucket artifacts, key orders/abc123.asl.json)"
    )


def test_a_missing_version(bucket: S3Client) -> None:
    bucket.put_object(Bucket=BUCKET, Key=OBJECT.key, Body=b"{}")

    assert "version 0000" in error_of(S3Object(BUCKET, OBJECT.key, "0000"))


@pytest.mark.usefixtures("bucket")
def test_a_missing_bucket() -> None:
    assert "There is no such bucket." in error_of(S3Object("nowhere", "key"))


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Make S3 answer with an error."""
    client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")  # noqa: S106 - no secret
    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: client)
    with Stubber(client) as stubber:

        def refuse(code: str, message: str = "") -> None:
            stubber.add_client_error("get_object", code, message)

        yield refuse


ROLE = "arn:aws:iam::111122223333:role/macro-function-role"
POLICIES = Path(__file__).parents[2] / "org" / "policies"


@pytest.mark.parametrize(
    ("location", "region", "action", "bucket_arn"),
    [
        (OBJECT, "eu-west-1", "s3:GetObject on", "arn:aws:s3:::artifacts"),
        (VERSION, "eu-west-1", "s3:GetObjectVersion on", "arn:aws:s3:::artifacts"),
        (OBJECT, "cn-north-1", "s3:GetObject on", "arn:aws-cn:s3:::artifacts"),
        (OBJECT, "us-gov-west-1", "s3:GetObject on", "arn:aws-us-gov:s3:::artifacts"),
    ],
)
def test_a_denied_object_names_the_permission_and_where_to_give_it(
    stubbed: Callable[..., None], location: S3Object, region: str, action: str, bucket_arn: str
) -> None:
    stubbed("AccessDenied", "Access Denied")

    error = error_of(location, region)

    assert "bucket artifacts, key orders/abc123.asl.json" in error
    assert f"lacks {action} it" in error
    assert f"Add {bucket_arn}/* to the parameter ArtifactBuckets" in error
    assert f'"Resource": "{bucket_arn}/*"' in error


def statement_in(error: str) -> dict[str, Any]:
    statement: dict[str, Any]
    statement, _ = json.JSONDecoder().raw_decode(error[error.index("{") :])
    return statement


def published(policy: str) -> dict[str, Any]:
    """The statement that a file of org/policies shows, without its name."""
    [statement] = json.loads((POLICIES / policy).read_text())["Statement"]
    return {name: value for name, value in statement.items() if name != "Sid"}


def test_the_statement_for_another_accounts_bucket_can_be_copied_from_the_message(
    stubbed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNCTION_ROLE_ARN", ROLE)
    stubbed("AccessDenied", "Access Denied")

    assert statement_in(error_of(S3Object("team-artifacts", "a.json"))) == published("artifact-bucket.json")


def test_the_statement_for_another_accounts_key_can_be_copied_from_the_message(
    stubbed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNCTION_ROLE_ARN", ROLE)
    stubbed("AccessDenied", "The ciphertext refers to a KMS key that you cannot use")

    assert statement_in(error_of(OBJECT)) == published("artifact-key.json")


@pytest.mark.parametrize(
    ("region", "service"),
    [
        ("eu-west-1", "s3.eu-west-1.amazonaws.com"),
        ("us-gov-west-1", "s3.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_key_is_used_through_s3_alone(stubbed: Callable[..., None], region: str, service: str) -> None:
    stubbed("AccessDenied", "not authorized: kms:Decrypt")

    assert statement_in(error_of(OBJECT, region))["Condition"] == {"StringEquals": {"kms:ViaService": service}}


def test_a_function_that_does_not_know_its_role_says_where_to_find_it(stubbed: Callable[..., None]) -> None:
    stubbed("AccessDenied", "Access Denied")

    assert "FunctionRoleArn" in statement_in(error_of(OBJECT))["Principal"]["AWS"]


@pytest.mark.parametrize(
    ("reason", "told", "left_out"),
    [
        ("no resource-based policy allows the s3:GetObject action", "the bucket's policy", "ArtifactBuckets"),
        ("no identity-based policy allows the s3:GetObject action", "ArtifactBuckets", "the bucket's policy"),
        ("with an explicit deny in a resource-based policy", "explicit deny", "ArtifactBuckets"),
    ],
)
def test_where_s3_says_which_policy_lacks_it_only_that_is_told(
    stubbed: Callable[..., None], reason: str, told: str, left_out: str
) -> None:
    stubbed("AccessDenied", f"User: arn:aws:sts::1:assumed-role/macro/x is not authorized because {reason}")

    error = error_of(OBJECT)

    assert told in error
    assert left_out not in error


@pytest.mark.parametrize(
    ("code", "message", "key"),
    [
        (
            "AccessDenied",
            "not authorized: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111111111111:key/1234-ab because",
            "arn:aws:kms:eu-west-1:111111111111:key/1234-ab",
        ),
        ("AccessDenied", "The ciphertext refers to a KMS key that you cannot use", "the KMS key that encrypts it"),
    ],
)
def test_a_denied_key_names_it(stubbed: Callable[..., None], code: str, message: str, key: str) -> None:
    stubbed(code, message)

    error = error_of(OBJECT)

    assert f"lacks kms:Decrypt on {key}." in error
    assert "ArtifactKeys" in error


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("PermanentRedirect", "another region"),
        ("AuthorizationHeaderMalformed", "another region"),
        ("ExpiredToken", "credentials"),
        ("InvalidObjectState", "archived"),
        ("MethodNotAllowed", "delete marker"),
        ("SlowDown", "Deploy again"),
        ("KMS.DisabledException", "KMS cannot use the key: DisabledException: as yet unheard of"),
        ("SomethingNew", "S3 says: SomethingNew: as yet unheard of"),
    ],
)
def test_other_refusals(stubbed: Callable[..., None], code: str, advice: str) -> None:
    stubbed(code, "as yet unheard of")

    assert advice in error_of(OBJECT)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ConnectTimeoutError(endpoint_url="https://s3"), "did not answer in time"),
        (ReadTimeoutError(endpoint_url="https://s3"), "did not answer in time"),
        (EndpointConnectionError(endpoint_url="https://s3"), "cannot be reached"),
        (NoCredentialsError(), "credentials"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_no_answer_at_all(monkeypatch: pytest.MonkeyPatch, error: Exception, advice: str) -> None:
    class Client:
        def get_object(self, **_: str) -> dict[str, Any]:
            raise error

    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: Client())

    found = error_of(OBJECT)

    assert advice in found
    assert type(error).__name__ in found


def test_a_connection_lost_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.RawIOBase):
        def read(self, _: int = -1) -> bytes:
            raise ReadTimeoutError(endpoint_url="https://s3")

    class Client:
        def get_object(self, **_: str) -> dict[str, Any]:
            return {"Body": Broken()}

    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: Client())

    assert "did not answer in time" in error_of(OBJECT)


def test_an_invalid_bucket_name_is_told(bucket: S3Client) -> None:
    assert bucket
    assert "Invalid bucket name" in error_of(S3Object("no bucket/name", "key"))


def test_a_local_file_asks_for_packaging() -> None:
    error = error_of(LocalFile("statemachine/orders.asl.json"))

    assert "statemachine/orders.asl.json" in error
    assert "sam deploy" in error
    assert "sam package" in error
    assert "aws cloudformation package" in error


def test_local_files_need_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_definitions, "s3_client", None)

    assert "local file" in error_of(LocalFile("a.json"))
    assert S3Definitions("eu-west-1").fetch([]) == {}


@pytest.mark.usefixtures("bucket")
def test_the_client_is_kept_between_invocations_and_does_not_wait_long() -> None:
    client = s3_definitions.s3_client("eu-west-1")

    assert s3_definitions.s3_client("eu-west-1") is client
    assert client.meta.config.connect_timeout + client.meta.config.read_timeout <= 10
    assert client.meta.config.retries["total_max_attempts"] == 2


def test_events_that_name_ever_other_regions_do_not_fill_the_memory() -> None:
    for number in range(9):
        s3_definitions.s3_client(f"eu-west-{number}")

    assert s3_definitions.s3_client.cache_info().currsize <= 4

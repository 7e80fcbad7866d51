"""Definitions that ``sam package`` and its kind have moved to S3, read with the macro function's own role."""

from __future__ import annotations

import json
import os
import re
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.deployment import partition_of
from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.template.definitions import LocalFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition, S3Object

MAX_DEFINITION_BYTES = 1024 * 1024
"""The largest definition that Step Functions takes: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

_WORKERS = 16


@dataclass(frozen=True, slots=True)
class S3Definitions:
    """A DefinitionSource that reads from S3. ``region`` is the stack's, where its artifacts usually are too."""

    region: str

    def fetch(self, locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        """The text of each definition, or the error that says how to make it readable; several in parallel."""
        objects = [location for location in locations if not isinstance(location, LocalFile)]
        fetched: dict[DefinitionLocation, FetchedDefinition] = {
            location: _not_packaged(location) for location in locations if isinstance(location, LocalFile)
        }
        if objects:
            client = s3_client(self.region)
            texts = _map(lambda location: _fetch(client, location, self.region), objects)
            fetched.update(zip(objects, texts, strict=True))
        return {location: fetched[location] for location in locations}


def _map(fetch: Callable[[S3Object], FetchedDefinition], objects: Sequence[S3Object]) -> Sequence[FetchedDefinition]:
    if len(objects) == 1:
        return [fetch(objects[0])]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only templates with several definitions need it

    with ThreadPoolExecutor(max_workers=min(_WORKERS, len(objects))) as pool:
        return list(pool.map(fetch, objects))


# A macro works in one region. An event that somebody makes up can name any, and a client takes megabytes.
@lru_cache(maxsize=4)
def s3_client(region: str) -> S3Client:
    """The S3 client for ``region``, kept for later invocations."""
    import boto3  # noqa: PLC0415 - it takes several times as long to import as everything else; few cold starts need it
    from botocore.config import Config  # noqa: PLC0415 - part of the same

    # One object's worst case is 2 x (2 + 5) seconds, so that its error message beats the function's own time-out.
    config = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=_WORKERS,
    )
    return boto3.client("s3", region_name=region, config=config)


def _fetch(client: S3Client, location: S3Object, region: str) -> FetchedDefinition:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see s3_client

    version: dict[str, Any] = {"VersionId": location.version} if location.version else {}
    try:
        response = client.get_object(Bucket=location.bucket, Key=location.key, **version)
        with closing(response["Body"]) as body:
            content = body.read(MAX_DEFINITION_BYTES + 1)
    except ClientError as error:
        return _unavailable(location, _refused(error, location, region))
    except BotoCoreError as error:
        return _unavailable(location, _unreachable(error))
    return _decoded(content, location)


def _decoded(content: bytes, location: S3Object) -> FetchedDefinition:
    if len(content) > MAX_DEFINITION_BYTES:
        limit = f"{MAX_DEFINITION_BYTES:,} bytes"
        return _unavailable(location, f"It is larger than {limit}, the most that Step Functions takes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _unavailable(location, "It is not UTF-8 text. Is this the definition?")


def _not_packaged(location: LocalFile) -> DefinitionUnavailableError:
    return DefinitionUnavailableError(
        f"It is a local file ({location}), and the macro sees only what is in S3. Run `sam deploy`, `sam package` or "
        "`aws cloudformation package` first: they upload the file and put its place in S3 into the template."
    )


def _unavailable(location: S3Object, reason: str) -> DefinitionUnavailableError:
    version = f", version {location.version}" if location.version else ""
    return DefinitionUnavailableError(f"{reason} (bucket {location.bucket}, key {location.key}{version})")


def _refused(error: ClientError, location: S3Object, region: str) -> str:
    details = error.response.get("Error", {})
    code, message = details.get("Code", ""), details.get("Message", "")
    if code.startswith("KMS."):
        return f"It is encrypted, and KMS cannot use the key: {code.removeprefix('KMS.')}: {message}"
    if "kms" in message.lower():
        return _kms(message, region)
    if code in _DENIED:
        return _denied(location, message, region)
    return _ADVICE.get(code) or f"S3 says: {code or 'unknown error'}: {message or 'no reason given'}"


def _denied(location: S3Object, message: str, region: str) -> str:
    action = "s3:GetObjectVersion" if location.version else "s3:GetObject"
    if "explicit deny" in message:
        return f"Access was denied: a policy forbids {action} in so many words. S3 says: {message}"
    objects = f"arn:{partition_of(region)}:s3:::{location.bucket}/*"
    advice = _advice(
        message,
        own=f"Add {objects} to the parameter ArtifactBuckets of the macro's stack.",
        others="the bucket's policy",
        statement=_statement(["s3:GetObject", "s3:GetObjectVersion"], objects),
    )
    return (
        f"Access was denied. If the object is there, the role of the macro's function lacks {action} on it. {advice} "
        "S3 says the same of an object that does not exist."
    )


def _kms(message: str, region: str) -> str:
    key = re.search(r"arn:[\w-]+:kms:[\w:/-]+", message)
    name = key.group() if key else "the KMS key that encrypts it"
    advice = _advice(
        message,
        own=f"Add {key.group() if key else 'the ARN of the key'} to the parameter ArtifactKeys of the macro's stack.",
        others="the key's policy",
        # In a key's policy this means the key itself.
        statement=_statement(["kms:Decrypt"], "*", {"kms:ViaService": f"s3.{region}.{_dns_suffix(region)}"}),
    )
    return f"It is encrypted, and the role of the macro's function lacks kms:Decrypt on {name}. {advice}"


def _advice(message: str, own: str, others: str, statement: str) -> str:
    """Where to allow the function to read: in its own role, in the policy of the bucket or key, or in both.

    S3 tells which of the two did not allow it, where the accounts belong to the same organisation.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    """
    allow = f"this statement to {others}: {statement}"
    if "no resource-based policy allows" in message:
        return f"Add {allow}."
    if "no identity-based policy allows" in message:
        return own
    return f"{own} If another account than the function's owns it, also add {allow}."


def _statement(actions: Sequence[str], resource: str, equals: Mapping[str, str] | None = None) -> str:
    """The statement of org/policies, for the role that this function has."""
    role = os.environ.get("FUNCTION_ROLE_ARN") or "the FunctionRoleArn that the macro's stack puts out"
    return json.dumps(
        {
            "Effect": "Allow",
            "Principal": {"AWS": role},
            "Action": actions[0] if len(actions) == 1 else actions,
            "Resource": resource,
            **({"Condition": {"StringEquals": equals}} if equals else {}),
        }
    )


def _dns_suffix(region: str) -> str:
    return _DNS_SUFFIXES.get(partition_of(region), "amazonaws.com")


# Source: botocore's partitions.json.
_DNS_SUFFIXES = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}

_DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden", "403"})

_OTHER_REGION = (
    "The bucket is in another region. Step Functions takes definitions only from a bucket in its own region."
)
_CREDENTIALS = "The credentials the function runs with are not valid. A local run needs credentials of its own."
_TRY_AGAIN = "S3 is busy or has a fault. Deploy again."

# Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
_ADVICE: Mapping[str, str] = {
    "NoSuchKey": "There is no such object in the bucket. Package the template again.",
    "NoSuchVersion": "The object has no such version. Package the template again.",
    "MethodNotAllowed": "This version of the object is a delete marker. Package the template again.",
    "NoSuchBucket": "There is no such bucket.",
    "InvalidObjectState": "The object is archived. Restore it, or package the template again.",
    "PermanentRedirect": _OTHER_REGION,
    "TemporaryRedirect": _OTHER_REGION,
    "AuthorizationHeaderMalformed": _OTHER_REGION,
    "IllegalLocationConstraintException": _OTHER_REGION,
    "301": _OTHER_REGION,
    "InvalidAccessKeyId": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "InvalidToken": _CREDENTIALS,
    "ExpiredToken": _CREDENTIALS,
    "SlowDown": _TRY_AGAIN,
    "InternalError": _TRY_AGAIN,
    "ServiceUnavailable": _TRY_AGAIN,
}


def _unreachable(error: Exception) -> str:
    kind = type(error).__name__
    advice = next((advice for names, advice in _FAILURES if kind in names), str(error))
    return f"{advice} {kind}."


_FAILURES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"ConnectTimeoutError", "ReadTimeoutError"}),
        "S3 did not answer in time. Deploy again; a function inside a VPC needs a way to S3.",
    ),
    (
        frozenset({"EndpointConnectionError", "ConnectionClosedError", "ResponseStreamingError", "HTTPClientError"}),
        "S3 cannot be reached. A function inside a VPC needs a way to S3.",
    ),
    (frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}), _CREDENTIALS),
)

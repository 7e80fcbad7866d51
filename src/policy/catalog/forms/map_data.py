"""What a distributed map reads, writes and runs: objects in S3, and executions of its own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import WILDCARD, Literal, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import Guarded, Missing, as_text, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Guards

BUCKET_TEMPLATE = "arn:{Partition}:s3:::{}"
_EXECUTIONS = "arn:{Partition}:states:{Region}:{AccountId}:execution:{}:*"
_EXECUTIONS_OF_MAP = "arn:{Partition}:states:{Region}:{AccountId}:execution:{}/{}:*"


def bucket_arn(bucket: Text, deployment: Deployment) -> Text:
    """The ARN of a bucket, which S3 knows by name; only an access point is named by its ARN.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    reference = bucket.reference
    if reference is not None and reference.arn is not None:
        return reference.arn
    return bucket if is_arn(bucket) else arn.build(BUCKET_TEMPLATE, deployment, bucket)


def folder(prefix: Text, _deployment: Deployment) -> Text:
    """What all objects below a prefix begin with: the prefix and a slash, as it ends in one or not."""
    spoken = prefix.sample
    if spoken is not None and spoken.endswith("/") and not prefix.suffix:
        # A parameter's value ends in the slash.
        return prefix
    last = prefix.parts[-1] if prefix.parts else None
    if isinstance(last, Literal) and last.value.endswith("/"):
        prefix = Text.of(*prefix.parts[:-1], last.value.rstrip("/"))
    return prefix + "/" if prefix.parts else prefix


def data_of_inventory(call: Call) -> Iterator[Guarded]:
    """The data files of an inventory report, which stand beside the dated folder of its manifest.

    ``prefix/source-bucket/configuration/2025-01-31T01-00Z/manifest.json`` lists files below
    ``prefix/source-bucket/configuration/data/``:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
    """
    for guards, key in _texts(call, "Key"):
        for bucket_guards, bucket in _texts(call, "Bucket"):
            both = merge_guards(guards, bucket_guards)
            if both is not None:
                place = bucket_arn(bucket, call.surroundings.deployment)
                yield Guarded(Text.of(place, "/", _configuration(key), "data/", Wildcard()), both)


_DATE_AND_FILE = 2


def _configuration(key: Text) -> Text:
    """The folder of an inventory's configuration, with its slash."""
    pieces = key.split("/")
    if pieces is not None and len(pieces) > _DATE_AND_FILE:
        return Text.of(*(part for piece in pieces[:-_DATE_AND_FILE] for part in (piece, "/")))
    known, slash, _ = key.prefix.rpartition("/")
    reason = key.unknowns[0].reason if key.unknowns else "the manifest's key does not show its folders"
    return Text.of(known + slash, Unknown(reason))


def any_data_of_manifest(call: Call) -> Iterator[Guarded]:
    """Every object: where an Athena manifest's data files are, only the manifest says."""
    reason = Unknown("only the manifest says where its data files are")
    yield Guarded(arn.build(f"{BUCKET_TEMPLATE}/*", call.surroundings.deployment, Text((reason,))))


def own_machine(call: Call) -> Iterator[Guarded]:
    """The machine itself."""
    yield Guarded(call.surroundings.own_arn)


def own_executions(call: Call) -> Iterator[Guarded]:
    """The executions of the machine itself."""
    yield Guarded(arn.build(_EXECUTIONS, call.surroundings.deployment, call.surroundings.own_name))


def executions_of_map(call: Call) -> Iterator[Guarded]:
    """The child executions of one map, which its label tells apart; without a label Step Functions makes one up.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    """
    surroundings = call.surroundings
    for guards, leaf in leaves_at("Label", call.arguments):
        label = WILDCARD if isinstance(leaf, Missing) else as_text(leaf)
        yield Guarded(arn.build(_EXECUTIONS_OF_MAP, surroundings.deployment, surroundings.own_name, label), guards)


def _texts(call: Call, argument: str) -> Iterator[tuple[Guards, Text]]:
    for guards, leaf in leaves_at(argument, call.arguments):
        if isinstance(leaf, Missing):
            yield guards, Text((Unknown(f"`{argument}` is not given"),))
        else:
            yield guards, as_text(leaf)

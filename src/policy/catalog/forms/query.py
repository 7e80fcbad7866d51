"""What a query of Athena reads and writes.

Athena reads the catalogue and S3 with the permissions of whoever starts the query:
https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.named_key import keys_named
from sfn_least_privilege.policy.catalog.forms.s3_uri import bucket_and_key, bucket_of
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Literal, Text, Unknown, unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Guarded,
    Missing,
    Scalar,
    as_text,
    guarded_leaves,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards, Value

_ANYWHERE = "arn:{Partition}:s3:::{}"
_OBJECTS = "arn:{Partition}:s3:::{}/*"
_WORK_GROUP = "AWS::Athena::WorkGroup"
_PRIMARY = Text.of("primary")
_CONFIGURATION = "WorkGroupConfiguration."
# CREATE TABLE AS, INSERT and UNLOAD write where they please, other statements change the catalogue.
_READS = re.compile(r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*(?:SELECT|WITH|SHOW|DESCRIBE|DESC)\b", re.IGNORECASE | re.DOTALL)
_MAY_WRITE = "the query may write to any table, and so to any bucket"
_NO_LOCATION = "neither the task nor a work group of this template says where the result goes"
_UNSEEN = "the work group is not in this template, and may put another result location in place of the given one"


def changes_catalogue(call: Call) -> Iterator[Guarded]:
    """The catalogue, its databases and tables for a query that may change them; nothing for others."""
    if not _only_reads(call):
        yield from catalogue(call)


def drops_databases(call: Call) -> Iterator[Guarded]:
    """What goes with a database for a query that may drop one, its functions as well; nothing for others."""
    if not _only_reads(call):
        yield from _of_catalogue(call, "catalog", "database/*", "userDefinedFunction/*", "table/{}")


def catalogue(call: Call) -> Iterator[Guarded]:
    """What a query may read of the catalogue: it can name databases and tables beside those of its context."""
    return _of_catalogue(call, "catalog", "database/*", "table/{}")


def _of_catalogue(call: Call, *kinds: str) -> Iterator[Guarded]:
    hidden = unknown("a query can name any database, table and function beside those of its context")
    for kind in kinds:
        template = f"arn:{{Partition}}:glue:{{Region}}:{{AccountId}}:{kind}"
        yield Guarded(arn.build(template, call.surroundings.deployment, hidden))


def written_objects(call: Call) -> Iterator[Guarded]:
    """The objects that a query writes: those of its result, and those of tables if it may write to tables."""
    for found in _locations(call):
        # An unknown end may be empty, and then no further slash follows.
        template = _ANYWHERE if isinstance(found.text.parts[-1], Unknown) else _OBJECTS
        yield Guarded(arn.build(template, call.surroundings.deployment, found.text), found.guards)


def written_buckets(call: Call) -> Iterator[Guarded]:
    """The buckets that these objects are in."""
    for found in _locations(call):
        bucket = bucket_of(found.text)
        if bucket is None:
            bucket = unknown(found.text.unknowns[0].reason if found.text.unknowns else "its bucket is not known here")
        yield Guarded(arn.build(_ANYWHERE, call.surroundings.deployment, bucket), found.guards)


def result_keys(option: str) -> Callable[[Call], Iterator[Guarded]]:
    """The keys that a result is encrypted with by ``option``: the task's, and those of work groups of the template."""

    def find(call: Call) -> Iterator[Guarded]:
        for guards, value in _result_encryption(call, "EncryptionOption"):
            if isinstance(value, Missing) or as_text(value).sample not in {None, option}:
                continue
            for inner, key in _result_encryption(call, "KmsKey"):
                both = merge_guards(guards, inner)
                for each in keys_named(key, call.surroundings) if both is not None else ():
                    merged = merge_guards(both, each.guards) if both is not None else None
                    if merged is not None:
                        yield Guarded(each.text, merged)

    return find


def _result_encryption(call: Call, name: str) -> Iterator[tuple[Guards, Value]]:
    path = f"ResultConfiguration.EncryptionConfiguration.{name}"
    yield from leaves_at(path, call.arguments)
    for guards, group in leaves_at("WorkGroup", call.arguments):
        logical_id = "" if isinstance(group, Missing) else _logical_id(as_text(group), call.surroundings)
        if logical_id:
            for inner, leaf in guarded_leaves(call.surroundings.resources.property(logical_id, _CONFIGURATION + path)):
                both = merge_guards(guards, inner)
                if both is not None:
                    yield both, leaf


def _only_reads(call: Call) -> bool:
    queries = [as_text(leaf) for _, leaf in leaves_at("QueryString", call.arguments)]
    return all(_is_read(query) for query in queries)


def _is_read(query: Text) -> bool:
    first = query.parts[0] if query.parts else None
    return isinstance(first, Literal) and _READS.match(first.value) is not None


def _locations(call: Call) -> Iterator[Guarded]:
    """``bucket/prefix`` of every place that the query writes to."""
    if not _only_reads(call):
        yield Guarded(unknown(_MAY_WRITE))
        return
    given = leaves_at("ResultConfiguration.OutputLocation", call.arguments)
    for guards, group in leaves_at("WorkGroup", call.arguments):
        for inner, location in _of_group(group, given, call.surroundings):
            both = merge_guards(guards, inner)
            if both is not None:
                yield Guarded(_prefix(location), both)


def _of_group(
    group: Value,
    given: tuple[tuple[Guards, Value], ...],
    surroundings: Surroundings,
) -> Iterator[tuple[Guards, Value | None]]:
    """The locations of a work group's queries, None where the group cannot be seen."""
    if isinstance(group, Missing) or group == _PRIMARY:
        yield from given
        return
    logical_id = _logical_id(as_text(group), surroundings)
    if not logical_id:
        yield (), None
        return
    own = guarded_leaves(
        surroundings.resources.property(logical_id, f"{_CONFIGURATION}ResultConfiguration.OutputLocation")
    )
    enforced = surroundings.resources.property(logical_id, f"{_CONFIGURATION}EnforceWorkGroupConfiguration")
    if not _is(enforced, "true"):
        yield from (pair for pair in given if not isinstance(pair[1], Missing))
    if not _is(enforced, "false") or any(isinstance(location, Missing) for _, location in given):
        yield from own


def _is(value: Value, word: str) -> bool:
    return value in {Scalar(word), Text.of(word)}


def _logical_id(group: Text, surroundings: Surroundings) -> str:
    reference = group.reference
    if reference is not None:
        return reference.logical_id if reference.resource_type == _WORK_GROUP else ""
    if group.literal is None:
        return ""
    named = (
        logical_id
        for logical_id in surroundings.resources.of_type(_WORK_GROUP)
        if surroundings.resources.property(logical_id, "Name") == group
    )
    return next(named, "")


def _prefix(location: Value | None) -> Text:
    if location is None:
        return unknown(_UNSEEN)
    if location == MISSING:
        return unknown(_NO_LOCATION)
    found = bucket_and_key(as_text(location))
    last = found.parts[-1] if found.parts else None
    return Text.of(*found.parts[:-1], last.value.rstrip("/")) if isinstance(last, Literal) else found

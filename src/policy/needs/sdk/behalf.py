"""Keys and objects that a task hands to a service which may use them with the caller's rights.

Many services encrypt with a key, or fetch an object, on behalf of whoever calls them, and no list of actions says so:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
Where the catalogue does not know what a call comes to need for that, it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.arguments import argument_name
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.sdk.spelling import as_argument
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Operation
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry

_READS = ("Describe", "Get", "List", "Delete")


def used_on_behalf(operation: Operation, inquiry: Inquiry) -> Iterator[Finding]:
    """What a call names that the service may use as the caller, and the catalogue holds no permission for."""
    if operation.name.startswith(_READS):
        return
    known = [grant.action for grant in operation.grants] + [row.actions for row in operation.untold]
    for prefix, what, is_one in _KINDS:
        if any(prefix in actions for actions in known):
            continue
        found = next((path for path in _named(inquiry.arguments) if is_one(path.rpartition(".")[2].lower())), None)
        if found is not None:
            needs = (
                f"permissions on the {what} in `{as_argument(found)}`, if the service uses it with the caller's rights"
            )
            yield inquiry.finding(rules.NOT_GRANTED, needs=needs)


def _named(arguments: Arguments) -> Iterator[str]:
    """The paths of what certainly is given, two steps deep."""
    for name, inner in _fields(arguments):
        yield name
        yield from (f"{name}.{argument_name(key)}" for key in inner if OPEN not in key)


def _fields(arguments: Arguments) -> Iterator[tuple[str, Mapping[str, object]]]:
    if arguments.template:
        for key, node in arguments.template.items():
            if OPEN not in key and node is not None:
                yield argument_name(key), node if isinstance(node, dict) else {}
    elif isinstance(arguments.otherwise, ObjectValue):
        for name, value in arguments.otherwise.fields.items():
            yield name, value.fields if isinstance(value, ObjectValue) else {}


def _is_key(name: str) -> bool:
    return "kms" in name and "key" in name


def _is_object(name: str) -> bool:
    return "s3" in name and any(each in name for each in ("bucket", "location", "object", "uri"))


_KINDS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("kms:", "key", _is_key),
    ("s3:", "bucket or object", _is_object),
)

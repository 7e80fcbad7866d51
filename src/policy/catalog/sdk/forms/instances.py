"""Resources of EC2 by their ids, whose beginning says the type.

https://docs.aws.amazon.com/ec2/latest/APIReference/API_CreateTags.html and the resource types in
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (basis: derived)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named
from sfn_least_privilege.policy.text import EMPTY, WILDCARD, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfn_least_privilege.policy.deployment import Deployment

_ANY_TYPE = "arn:{Partition}:ec2:{Region}:*:*/{}"
_GLOBAL = "arn:{Partition}:ec2::*:*/{}"
_ANY_OF_TYPE = "arn:{Partition}:ec2:*:*:{}/*"
_OWNED = "arn:{Partition}:ec2:{Region}:{AccountId}:{}/{}"

_TYPES: Mapping[str, str] = {
    "acl": "network-acl",
    "ami": "image",
    "cgw": "customer-gateway",
    "cr": "capacity-reservation",
    "dopt": "dhcp-options",
    "eigw": "egress-only-internet-gateway",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "fleet": "fleet",
    "i": "instance",
    "igw": "internet-gateway",
    "key": "key-pair",
    "lt": "launch-template",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "pl": "prefix-list",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "sir": "spot-instances-request",
    "snap": "snapshot",
    "subnet": "subnet",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "tgw-rtb": "transit-gateway-route-table",
    "vgw": "vpn-gateway",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
    "vpn": "vpn-connection",
}
_WITHOUT_ACCOUNT = frozenset({"image", "snapshot"})
_WITHOUT_REGION = "ipam"


def resource_of_id(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The resource of an id, ``i-…`` or ``vol-…``; of an id whose type is not known here, one of any type."""
    known = text.sample if text.sample is not None else text.prefix
    kind = _TYPES.get(known.rpartition("-")[0])
    if kind is None:
        template = _GLOBAL if known.startswith(_WITHOUT_REGION) else _ANY_TYPE
        return (Named(arn.build(template, deployment, text), is_arn=True),)
    return (Named(_owned(kind, text, deployment), is_arn=True),)


def resources_of_type(text: Text, deployment: Deployment) -> Iterable[Named]:
    """Any resource of a type that is named as the API names it: ``instance``, ``volume``."""
    kind = text.literal
    if kind is None or kind.startswith(_WITHOUT_REGION):
        return (Named(arn.build(_ANY_OF_TYPE, deployment, text), is_arn=True),)
    return (Named(_owned(kind, WILDCARD, deployment), is_arn=True),)


def instance(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An instance of EC2; nothing for the id of a managed node."""
    return () if text.prefix.startswith("mi-") else (Named(text),)


def managed_instance(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A managed node; nothing for the id of an instance of EC2."""
    return () if text.prefix.startswith("i-") else (Named(text),)


def _owned(kind: str, name: Text, deployment: Deployment) -> Text:
    account = EMPTY if kind in _WITHOUT_ACCOUNT else None
    return arn.build(_OWNED, deployment, Text.of(kind), name, account_id=account)

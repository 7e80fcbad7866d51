"""Where options come from: the organisation, the template's entry for the macro, and a state machine's metadata.

The later wins. What the organisation has locked, a template can only tighten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.options import rules
from sfn_least_privilege.policy.options.options import DEFAULTS, Mode, Options, Reaction, Trust
from sfn_least_privilege.policy.options.schema import listed, plain, problems, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

METADATA_KEY = "SfnLeastPrivilege"

_ORGANISATION = "the macro's environment"
_PARAMETERS = "the macro's Parameters"
_METADATA = f"Metadata.{METADATA_KEY}"


@dataclass(frozen=True, slots=True)
class Organisation:
    """What whoever runs the macro wants of everybody.

    ``options`` are values by the options' names, strings as an environment variable holds them; ``locked`` names
    the options that a template cannot loosen.
    """

    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    locked: frozenset[str] = frozenset()


NOBODY = Organisation()


@dataclass(frozen=True, slots=True)
class Layer:
    """Options from one source, checked."""

    source: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)


def organisation_layer(organisation: Organisation) -> tuple[Layer, tuple[Finding, ...]]:
    """The organisation's options, and what is wrong with them."""
    layer, problems = _layer(_ORGANISATION, organisation.options, Location())
    unknown = sorted(name for name in organisation.locked if name not in _lockable())
    return layer, (
        *problems,
        *(
            _invalid(_ORGANISATION, f"`{name}` cannot be locked: {listed(_lockable())} can", Location())
            for name in unknown
        ),
    )


def parameter_layer(parameters: Mapping[str, Any]) -> tuple[Layer, tuple[Finding, ...]]:
    """The options beside the macro's name in the template, and what is wrong with them."""
    return _layer(_PARAMETERS, parameters, Location())


def property_layer(properties: Mapping[str, Any]) -> Layer:
    """What the properties of a state machine, or of the role that SAM made of them, say already."""
    return Layer("the machine's properties", {name: node for name, node in properties.items() if not _is_absent(node)})


def metadata_layer(resource: Mapping[str, Any], location: Location) -> tuple[Layer, tuple[Finding, ...]]:
    """The options in a state machine's metadata, and what is wrong with them."""
    metadata = resource.get("Metadata")
    given = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    if given is None:
        return Layer(_METADATA), ()
    if not isinstance(given, dict):
        return Layer(_METADATA), (_invalid(_METADATA, "it is not an object", location),)
    return _layer(_METADATA, given, location)


def combined(
    organisation: Layer,
    locked: frozenset[str],
    others: Iterable[Layer],
    location: Location,
) -> tuple[Options, tuple[Finding, ...]]:
    """The options of one state machine, and which of them are locked against what was asked for."""
    values = dict(organisation.options)
    findings: list[Finding] = []
    for layer in others:
        for name, value in layer.options.items():
            if name == "RoleName" and "RoleNamePrefix" in locked and not _begins(value, organisation):
                findings.append(_otherwise_named(layer.source, organisation, location))
            elif name in locked and not _tightens(name, value, organisation.options.get(name, _default(name))):
                findings.append(
                    _locked(layer.source, name, organisation.options.get(name, _default(name)), value, location)
                )
            else:
                values[name] = value
    return _options(values), tuple(findings)


def _tightens(name: str, value: Any, fixed: Any) -> bool:
    """Whether a value asks for no more than the fixed one allows."""
    if name in _REACTIONS:
        order = tuple(Reaction)
        return order.index(Reaction(value)) >= order.index(Reaction(fixed))
    return bool(value == fixed)


def _begins(role_name: Any, organisation: Layer) -> bool:
    """Whether a role that a template names itself begins as the organisation's prefix says."""
    prefix = organisation.options.get("RoleNamePrefix", "")
    return not prefix or (isinstance(role_name, str) and role_name.startswith(prefix))


def _otherwise_named(source: str, organisation: Layer, location: Location) -> Finding:
    to = f"names that begin with `{organisation.options['RoleNamePrefix']}`"
    return finding(rules.OPTION_LOCKED, location, source=source, option="RoleName", locked=to, given="something else")


def _locked(source: str, name: str, fixed: Any, value: Any, location: Location) -> Finding:
    # A value may have come from a parameter that is secret; its own option's choices are not.
    shown = f"`{value}`" if name in _CHOICES else "something else"
    to = "nothing" if fixed in (None, (), "") else f"`{fixed}`"
    return finding(rules.OPTION_LOCKED, location, source=source, option=name, locked=to, given=shown)


def _options(values: Mapping[str, Any]) -> Options:
    given = {field_name: read(values[name]) for name, (field_name, read) in _FIELDS.items() if name in values}
    return Options(**given) if given else DEFAULTS


_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "Mode": ("mode", Mode),
    "OnWildcard": ("on_wildcard", Reaction),
    "OnUnknown": ("on_unknown", Reaction),
    "PermissionsBoundary": ("permissions_boundary", lambda node: node),
    "RolePath": ("role_path", lambda node: node),
    "RoleName": ("role_name", lambda node: node),
    "RoleNamePrefix": ("role_name_prefix", str),
    "Tags": ("tags", tuple),
    "ManagedPolicyArns": ("managed_policy_arns", tuple),
    "AdditionalStatements": ("additional_statements", tuple),
    "RemoveActions": ("remove_actions", tuple),
    "TrustPolicy": ("trust", Trust),
    "Explain": ("explain", bool),
    "Values": ("values", dict),
}
_REACTIONS = frozenset({"OnWildcard", "OnUnknown"})
_CHOICES = frozenset({"Mode", "OnWildcard", "OnUnknown", "TrustPolicy", "Explain"})
_METADATA_ONLY = frozenset({"Values"})


def _lockable() -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if name not in _METADATA_ONLY)


def _default(name: str) -> Any:
    return schema()["properties"][name].get("default")


def _layer(source: str, given: Mapping[str, Any], location: Location) -> tuple[Layer, tuple[Finding, ...]]:
    if not given:
        return Layer(source), ()
    options = {name: plain(name, value) for name, value in given.items() if not _is_absent(value)}
    wrong = tuple(_problems(source, options))
    if wrong:
        return Layer(source), tuple(_invalid(source, problem, location) for problem in wrong)
    return Layer(source, options), ()


def _is_absent(value: Any) -> bool:
    return value is None or value == "" or value == {"Ref": "AWS::NoValue"}  # noqa: PLR1714 -- a dict cannot be in a set


def _problems(source: str, options: Mapping[str, Any]) -> Iterator[str]:
    yield from problems(options)
    if source == _METADATA:
        return
    for name in sorted(_METADATA_ONLY & options.keys()):
        yield f"`{name}` belongs into the Metadata of a state machine"
    if "RoleName" in options:
        yield (
            "`RoleName` would give the roles of all machines one name: put it into a machine's Metadata, or use "
            "`RoleNamePrefix`"
        )


def _invalid(source: str, problem: str, location: Location) -> Finding:
    return finding(rules.OPTION_INVALID, location, source=source, problem=problem)

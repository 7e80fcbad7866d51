"""Options of the organisation, the template and a state machine put together."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.findings import Finding, Location
from sfn_least_privilege.policy.options.layers import Organisation
from sfn_least_privilege.policy.options.options import DEFAULTS, Mode, Options, Reaction, Trust
from sfn_least_privilege.policy.options.schema import schema
from sfn_least_privilege.policy.options.wishes import machine_options, read_wishes

MACHINE = Location("Machine")


def options(
    organisation: dict[str, Any] | None = None,
    parameters: dict[str, Any] | None = None,
    metadata: Any = None,
    locked: tuple[str, ...] = (),
    given: dict[str, Any] | None = None,
) -> tuple[Options, list[str]]:
    wishes, problems = read_wishes(Organisation(organisation or {}, frozenset(locked)), parameters or {})
    resource = {"Metadata": {"SfnLeastPrivilege": metadata}} if metadata is not None else {}
    found, others = machine_options(resource, given or {}, wishes, MACHINE)
    return found, _said((*problems, *others))


def _said(findings: tuple[Finding, ...]) -> list[str]:
    assert all(each.is_error for each in findings)
    return [str(each) for each in findings]


def test_without_any_everything_is_as_by_default() -> None:
    assert options() == (DEFAULTS, [])


def test_the_defaults_are_those_of_the_published_schema() -> None:
    published = {name: each["default"] for name, each in schema()["properties"].items() if "default" in each}
    assert published == {
        "Mode": DEFAULTS.mode,
        "OnWildcard": DEFAULTS.on_wildcard,
        "OnUnknown": DEFAULTS.on_unknown,
        "TrustPolicy": DEFAULTS.trust,
        "Explain": DEFAULTS.explain,
    }


def test_a_template_goes_before_the_organisation_and_a_machine_before_its_template() -> None:
    found, problems = options(
        organisation={"Mode": "Ignore", "OnWildcard": "Fail", "OnUnknown": "Fail"},
        parameters={"OnWildcard": "Allow", "OnUnknown": "Allow"},
        metadata={"OnUnknown": "Warn"},
    )
    assert problems == []
    assert (found.mode, found.on_wildcard, found.on_unknown) == (Mode.IGNORE, Reaction.ALLOW, Reaction.WARN)


def test_what_a_machines_own_properties_say_goes_before_the_template() -> None:
    found, _ = options(parameters={"RolePath": "/all/"}, given={"RolePath": "/mine/", "PermissionsBoundary": None})
    assert (found.role_path, found.permissions_boundary) == ("/mine/", None)


@pytest.mark.parametrize(
    ("option", "field", "written", "read"),
    [
        ("Explain", "explain", "false", False),
        ("Explain", "explain", "True", True),
        ("ManagedPolicyArns", "managed_policy_arns", "a, b", ("a", "b")),
        ("ManagedPolicyArns", "managed_policy_arns", ["a", {"Ref": "B"}], ("a", {"Ref": "B"})),
        ("RemoveActions", "remove_actions", "s3:CreateBucket", ("s3:CreateBucket",)),
        ("Tags", "tags", '[{"Key": "team", "Value": "shop"}]', ({"Key": "team", "Value": "shop"},)),
        ("PermissionsBoundary", "permissions_boundary", {"Fn::Sub": "${Boundary}"}, {"Fn::Sub": "${Boundary}"}),
        ("TrustPolicy", "trust", "Account", Trust.ACCOUNT),
        ("RolePath", "role_path", "/workflows/", "/workflows/"),
        ("RoleNamePrefix", "role_name_prefix", "shop-", "shop-"),
    ],
)
def test_an_option_may_be_written(option: str, field: str, written: Any, read: Any) -> None:
    found, problems = options(parameters={option: written})
    assert problems == []
    assert getattr(found, field) == read


def test_an_empty_option_is_none() -> None:
    assert options(parameters={"RolePath": "", "Mode": {"Ref": "AWS::NoValue"}}) == (DEFAULTS, [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"Mode": "Gen"}, "`Mode` must be `Generate`, `Augment`, `Replace`, `Ignore` or `Audit`"),
        ({"OnWildcard": True}, "`OnWildcard` must be"),
        ({"Moed": "Audit"}, "`Moed` is no option: there are `Mode`, `OnWildcard`"),
        ({"Explain": "perhaps"}, "`Explain` must be of type boolean"),
        ({"Tags": [{"Key": "team"}]}, "`Tags[0]` needs `Key` and `Value`"),
        ({"RolePath": "workflows"}, "`RolePath` is not as it must be. The path of the generated roles"),
        ({"RemoveActions": ["everything"]}, "`RemoveActions[0]` must match"),
        (
            {"AdditionalStatements": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}]},
            "`AdditionalStatements[0]` has a name that is not known: there are `Sid`, `Effect`",
        ),
        ({"PermissionsBoundary": {"Ref": "A", "Fn::Sub": "B"}}, "`PermissionsBoundary` is not as it must be"),
    ],
)
def test_a_wrong_option_is_an_error_that_says_what_is_allowed(given: dict[str, Any], said: str) -> None:
    _, problems = options(metadata=given)
    assert len(problems) == 1
    assert problems[0].startswith(f"SLP150 Machine: Metadata.SfnLeastPrivilege: {said}")


def test_no_value_is_repeated_because_it_may_be_secret() -> None:
    _, problems = options(parameters={"Mode": "hunter2", "RolePath": "hunter2", "Tags": "hunter2"})
    assert len(problems) == 3
    assert "hunter2" not in "".join(problems)


def test_metadata_that_are_no_object_are_an_error() -> None:
    assert options(metadata="Audit")[1] == ["SLP150 Machine: Metadata.SfnLeastPrivilege: it is not an object"]


@pytest.mark.parametrize(("option", "value"), [("Values", {"$.a": "b"}), ("RoleName", "one")])
def test_what_is_one_machines_own_cannot_be_said_for_all(option: str, value: Any) -> None:
    assert len(options(parameters={option: value})[1]) == 1
    assert options(metadata={option: value})[1] == []


class TestLocked:
    @pytest.mark.parametrize("layer", ["parameters", "metadata"])
    def test_a_template_cannot_loosen_it(self, layer: str) -> None:
        found, problems = options({"OnWildcard": "Fail"}, locked=("OnWildcard",), **{layer: {"OnWildcard": "Warn"}})  # type: ignore[arg-type]  # one of two names
        assert found.on_wildcard is Reaction.FAIL
        assert problems[0].endswith(
            "`OnWildcard` is locked to `Fail` for everyone who uses this macro, but it is given as `Warn`"
        )

    def test_a_template_can_tighten_it(self) -> None:
        found, problems = options({"OnUnknown": "Warn"}, locked=("OnUnknown",), metadata={"OnUnknown": "Fail"})
        assert (found.on_unknown, problems) == (Reaction.FAIL, [])

    def test_a_template_can_repeat_it(self) -> None:
        assert options({"RolePath": "/a/"}, {"RolePath": "/a/"}, locked=("RolePath",))[1] == []

    @pytest.mark.parametrize("name", ["admin", {"Ref": "Name"}, {"Fn::Sub": "wf-${Name}"}])
    def test_a_locked_prefix_holds_for_a_name_of_the_templates_own(self, name: Any) -> None:
        found, problems = options({"RoleNamePrefix": "wf-"}, metadata={"RoleName": name}, locked=("RoleNamePrefix",))
        assert found.role_name is None
        assert "`RoleName` is locked to names that begin with `wf-`" in problems[0]

    def test_a_name_that_begins_with_the_locked_prefix_is_taken(self) -> None:
        found, problems = options({"RoleNamePrefix": "wf-"}, metadata={"RoleName": "wf-a"}, locked=("RoleNamePrefix",))
        assert (found.role_name, problems) == ("wf-a", [])

    def test_an_option_that_is_locked_without_a_value_cannot_be_given(self) -> None:
        found, problems = options(metadata={"AdditionalStatements": [STATEMENT]}, locked=("AdditionalStatements",))
        assert found.additional_statements == ()
        assert "is locked to nothing" in problems[0]

    def test_a_boundary_in_a_machines_own_properties_is_held_to_it_too(self) -> None:
        found, problems = options(
            {"PermissionsBoundary": "arn:org"}, locked=("PermissionsBoundary",), given={"PermissionsBoundary": "arn:x"}
        )
        assert found.permissions_boundary == "arn:org"
        assert "the machine's properties" in problems[0]

    def test_a_name_that_is_no_option_cannot_be_locked(self) -> None:
        assert "`OnWildcards` cannot be locked" in options(locked=("OnWildcards",))[1][0]


STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

"""The organisation's options in the function's environment."""

from __future__ import annotations

import pytest

from sfn_least_privilege.handler.organisation import organisation_from


@pytest.mark.parametrize(
    ("variable", "option"),
    [
        ("OPTION_MODE", "Mode"),
        ("OPTION_ON_WILDCARD", "OnWildcard"),
        ("OPTION_ROLE_NAME_PREFIX", "RoleNamePrefix"),
        ("OPTION_MANAGED_POLICY_ARNS", "ManagedPolicyArns"),
    ],
)
def test_a_variable_sets_an_option(variable: str, option: str) -> None:
    assert organisation_from({variable: "x", "PATH": "/bin"}).options == {option: "x"}


def test_an_empty_variable_sets_nothing() -> None:
    assert organisation_from({"OPTION_ROLE_PATH": "", "LOCKED_OPTIONS": ""}).options == {}


def test_locked_options_are_named_with_commas() -> None:
    assert organisation_from({"LOCKED_OPTIONS": "OnWildcard, RolePath,"}).locked == {"OnWildcard", "RolePath"}

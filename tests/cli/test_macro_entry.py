from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.cli.macro_entry import join, split

SAM = "AWS::Serverless-2016-10-31"
OURS = {"Name": "SfnLeastPrivilege", "Parameters": {"Mode": "Augment"}}
OTHER = {"Name": "Other", "Parameters": {"Mode": "x"}}


@pytest.mark.parametrize(
    ("section", "others", "options"),
    [
        ("SfnLeastPrivilege", None, {}),
        (OURS, None, {"Mode": "Augment"}),
        (["SfnLeastPrivilege"], None, {}),
        (["SfnLeastPrivilege", SAM], [SAM], {}),
        ([SAM, OURS, OTHER], [SAM, OTHER], {"Mode": "Augment"}),
        ([{"Name": "SfnLeastPrivilege"}], None, {}),
        ([{"Name": "SfnLeastPrivilege", "Parameters": "no object"}], None, {}),
        (SAM, SAM, {}),
        ([SAM], [SAM], {}),
        (OTHER, OTHER, {}),
        ([], [], {}),
    ],
)
def test_the_macros_own_entry_is_applied_and_the_others_stay(section: Any, others: Any, options: Any) -> None:
    parts = split({"Transform": section, "Resources": {}}, {})

    assert parts.fragment == {"Resources": {}}
    assert parts.others == others
    assert parts.options == options


def test_a_template_need_not_name_the_macro() -> None:
    parts = split({"Resources": {}}, {})

    assert (parts.fragment, parts.others, parts.options) == ({"Resources": {}}, None, {})


def test_references_in_options_are_resolved() -> None:
    parameters = {"A": {"Ref": "Stage"}, "B": [{"Ref": "AWS::Region"}, "x"], "C": 1}
    template = {"Transform": {"Name": "SfnLeastPrivilege", "Parameters": parameters}}

    parts = split(template, {"Stage": "prod", "AWS::Region": "eu-west-1"})

    assert parts.options == {"A": "prod", "B": ["eu-west-1", "x"], "C": 1}


@pytest.mark.parametrize("written", [{"Ref": "Unset"}, [{"Ref": "Unset"}], {"Fn::Sub": "${Stage}"}, {"a": 1}])
def test_an_option_that_cannot_be_resolved_is_named(written: Any) -> None:
    parts = split({"Transform": {"Name": "SfnLeastPrivilege", "Parameters": {"A": written, "B": 1}}}, {"Stage": "x"})

    assert parts.unresolved == ("A",)
    assert parts.options == {"B": 1}


def test_options_are_not_shown() -> None:
    parts = split({"Transform": {"Name": "SfnLeastPrivilege", "Parameters": {"A": "topsecret"}}}, {})

    assert "topsecret" not in repr(parts)


def test_the_other_entries_return_to_their_place() -> None:
    template = {"Description": "d", "Transform": [SAM, "SfnLeastPrivilege"], "Resources": {}}

    joined = join(template, {"Description": "d", "Resources": {"New": {}}, "Outputs": {}}, [SAM])

    assert list(joined) == ["Description", "Transform", "Resources", "Outputs"]
    assert joined["Transform"] == [SAM]
    assert joined["Resources"] == {"New": {}}


def test_an_empty_section_goes() -> None:
    assert join({"Transform": "SfnLeastPrivilege", "Resources": {}}, {"Resources": {}}, None) == {"Resources": {}}

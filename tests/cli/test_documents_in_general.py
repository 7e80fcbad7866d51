"""Invariants of editing, for documents and changes of any shape."""

from __future__ import annotations

import copy
import json
from typing import Any

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sfn_least_privilege.cli.differences import difference
from sfn_least_privilege.cli.documents import read_document, rewrite
from sfn_least_privilege.cli.source import Origin

TEXT = st.one_of(
    st.sampled_from(
        [
            *("a", "yes", "2012-10-17", "012", "*", "a: b", "# x", "x # y", "é😀", "l1\nl2\n", "l\n\n", "  lead", ""),
            *("${A}", "- x", "{a}", '"q"', "it's", "a,b", "t\tb", "\x85", "Fn::Sub", "@x", "!x", "|", "<", "\x7f\x01"),
        ],
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
KEY = st.text("abcdefgh", min_size=1, max_size=3)
SCALAR = TEXT | st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.sampled_from([1.5, 1e22, 1e-7])
INTRINSIC = st.sampled_from(
    [{"Ref": "A"}, {"Fn::GetAtt": ["A", "B.C"]}, {"Fn::Sub": "${A}"}, {"Fn::Base64": {"Ref": "A"}}],
)
VALUE = st.recursive(
    SCALAR | INTRINSIC,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEY, inner, max_size=3)
        | inner.map(lambda value: {"Fn::If": ["C", value, {"Ref": "AWS::NoValue"}]})
    ),
    max_leaves=12,
)
MODERATELY = settings(max_examples=60, deadline=None)
DOCUMENT = st.dictionaries(KEY, VALUE, min_size=1, max_size=4)


@st.composite
def written_documents(draw: st.DrawFn) -> Origin:
    value = draw(DOCUMENT)
    if draw(st.booleans()):
        indent = draw(st.sampled_from([None, 2, "\t"]))
        return Origin("t.json", json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans())))
    text = yaml.safe_dump(
        value,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=draw(st.sampled_from([True, False, None])),
        indent=draw(st.sampled_from([2, 4])),
        width=1000,
    )
    return Origin("t.yaml", text.rstrip("\n") if draw(st.booleans()) else text)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """The value with one thing added, taken away or replaced somewhere in it."""
    result = copy.deepcopy(value)
    place = result
    while True:
        slots = range(len(place)) if isinstance(place, list) else list(place)
        inner = [slot for slot in slots if isinstance(place[slot], dict | list)]
        if not inner or draw(st.booleans()):
            break
        place = place[draw(st.sampled_from(inner))]
    action = draw(st.sampled_from(["add", "remove", "replace"]))
    if action == "add" and isinstance(place, list):
        place.insert(draw(st.integers(0, len(place))), draw(VALUE))
    elif action == "add":
        place[draw(KEY)] = draw(VALUE)
    elif place:
        slot = draw(st.sampled_from(range(len(place)) if isinstance(place, list) else sorted(place)))
        if action == "remove":
            del place[slot]
        else:
            place[slot] = draw(VALUE)
    return result


@MODERATELY
@given(written_documents())
def test_no_change_gives_the_same_text(origin: Origin) -> None:
    document = read_document(origin)

    assert rewrite(document, copy.deepcopy(document.value)).text == origin.text


@MODERATELY
@given(st.data(), written_documents())
def test_any_change_is_what_the_new_text_says(data: st.DataObject, origin: Origin) -> None:
    document = read_document(origin)
    wanted = data.draw(changed(document.value))

    result = rewrite(document, wanted)

    assert difference(read_document(Origin(origin.name, result.text)).value, wanted) is None


@MODERATELY
@given(st.data(), written_documents())
def test_an_edit_needs_no_special_layout(data: st.DataObject, origin: Origin) -> None:
    assume("? " not in origin.text)
    document = read_document(origin)
    wanted = data.draw(changed(document.value))
    assume(wanted)

    assert rewrite(document, wanted).edited


@MODERATELY
@given(DOCUMENT, KEY, VALUE)
def test_new_entries_of_a_block_document_leave_every_line_as_it_was(value: Any, key: str, new: Any) -> None:
    assume(key not in value)
    text = yaml.safe_dump(value, sort_keys=False, default_flow_style=False, width=1000)
    assume("? " not in text)
    document = read_document(Origin("t.yaml", text))

    assert rewrite(document, document.value | {key: new}).text.startswith(text)


@MODERATELY
@given(st.data(), written_documents())
def test_the_same_change_gives_the_same_text(data: st.DataObject, origin: Origin) -> None:
    wanted = data.draw(changed(read_document(origin).value))

    assert rewrite(read_document(origin), wanted) == rewrite(read_document(origin), wanted)

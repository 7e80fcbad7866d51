"""Texts as CloudFormation and IAM read them."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.rendering import intrinsic, render_pattern, render_string, spell
from sfn_least_privilege.policy.text import Kind, Literal, Part, Reference, Text, Unknown, Wildcard

TABLE = Reference("Ref", "Table", Kind.NAME, sample="orders")
TABLE_ARN = Reference(
    "Fn::GetAtt", "Table.Arn", Kind.ARN, sample="arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
)
NESTED = Reference("Fn::GetAtt", "Nested.Outputs.Bucket", sample="bucket")
REGION = Reference("Ref", "AWS::Region", Kind.NAME, sample="eu-west-1")
VALUE_1 = Reference("Ref", "Value1", sample="first")
VALUE_2_NAME = Reference("Fn::GetAtt", "Value2.Name", sample="second")
VALUE_2 = Reference("Ref", "Value2", sample="third")
SELECT = Reference("Fn::Select", '[1,{"Fn::Split":[":",{"Ref":"Table"}]}]', sample="picked")
IMPORT = Reference("Fn::ImportValue", '"shared-bucket"', sample="imported")
REFERENCES = (TABLE, TABLE_ARN, NESTED, REGION, VALUE_1, VALUE_2_NAME, VALUE_2, SELECT, IMPORT)

SAMPLES = {json.dumps(intrinsic(reference), sort_keys=True): reference.sample or "" for reference in REFERENCES}

awkward = st.text("a$!{}*?.:", max_size=8)


def evaluate(node: Any) -> str:
    """What CloudFormation makes of a rendered value. A placeholder ends at the first closing brace."""
    if isinstance(node, str):
        return node
    if list(node) != ["Fn::Sub"]:
        return SAMPLES[json.dumps(node, sort_keys=True)]
    template, variables = node["Fn::Sub"] if isinstance(node["Fn::Sub"], list) else (node["Fn::Sub"], {})

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in variables:
            return evaluate(variables[name])
        logical_id, dot, attribute = name.partition(".")
        return evaluate({"Fn::GetAtt": [logical_id, attribute]} if dot else {"Ref": name})

    return re.sub(r"\$\{([^}]*)\}", replace, template)


def iam_matches(pattern: str, string: str) -> bool:
    """Whether an IAM resource pattern covers a string; ``${*}``, ``${?}`` and ``${$}`` are the characters."""
    expression = ""
    for token in re.findall(r"\$\{[^}]*\}|.", pattern, re.DOTALL):
        if token.startswith("${"):
            assert token in {"${*}", "${?}", "${$}"}, f"{token} is a policy variable"
            expression += re.escape(token[2])
        else:
            expression += {"*": ".*", "?": "."}.get(token, re.escape(token))
    return re.fullmatch(expression, string, re.DOTALL) is not None


class TestRenderString:
    @pytest.mark.parametrize(
        ("text", "rendered"),
        [
            (Text.of("orders"), "orders"),
            (Text(), ""),
            (Text.of("100%*?${x}"), "100%*?${x}"),
            (Text.of(TABLE), {"Ref": "Table"}),
            (Text.of(TABLE_ARN), {"Fn::GetAtt": ["Table", "Arn"]}),
            (Text.of(NESTED), {"Fn::GetAtt": ["Nested", "Outputs.Bucket"]}),
            (Text.of(IMPORT), {"Fn::ImportValue": "shared-bucket"}),
            (Text.of("a-", TABLE, "-z"), {"Fn::Sub": "a-${Table}-z"}),
            (Text.of(NESTED, "/*"), {"Fn::Sub": "${Nested.Outputs.Bucket}/*"}),
            (Text.of(IMPORT, "/x"), {"Fn::Sub": ["${Value1}/x", {"Value1": {"Fn::ImportValue": "shared-bucket"}}]}),
            (
                Text.of(IMPORT, "/", IMPORT),
                {"Fn::Sub": ["${Value1}/${Value1}", {"Value1": {"Fn::ImportValue": "shared-bucket"}}]},
            ),
        ],
    )
    def test_the_smallest_form_wins(self, text: Text, rendered: object) -> None:
        assert render_string(text) == rendered

    @pytest.mark.parametrize("part", [Unknown("why"), Wildcard()])
    def test_an_unknown_part_cannot_be_written_out(self, part: Part) -> None:
        with pytest.raises(ValueError, match="unknown parts"):
            render_string(Text.of("x", part))

    @given(st.lists(st.one_of(awkward, st.sampled_from(REFERENCES)), max_size=6))
    def test_cloudformation_makes_exactly_this_string_of_it(self, pieces: list[Part | str]) -> None:
        text = Text.of(*pieces)
        assert evaluate(render_string(text)) == text.sample

    @pytest.mark.parametrize(
        "pieces",
        [
            (VALUE_1, "-", SELECT),
            (SELECT, "-", VALUE_1),
            (SELECT, IMPORT, VALUE_2, VALUE_2_NAME, VALUE_1),
        ],
    )
    def test_a_logical_id_never_mixes_with_a_variable_of_the_same_name(self, pieces: tuple[Part | str, ...]) -> None:
        text = Text.of(*pieces)
        assert evaluate(render_string(text)) == text.sample

    @pytest.mark.parametrize("literal", ["${", "a${", "$", "${!x}", "${!", "${Table}", "${}", "$$", "}"])
    def test_dollars_and_braces_beside_a_reference_stay_what_they_are(self, literal: str) -> None:
        text = Text.of(literal, TABLE, literal)
        assert evaluate(render_string(text)) == f"{literal}orders{literal}"


class TestRenderPattern:
    @pytest.mark.parametrize(
        ("text", "rendered"),
        [
            (Text.of("orders-", Unknown("why")), "orders-*"),
            (Text.of(Wildcard()), "*"),
            (Text.of("*"), "${*}"),
            (Text.of("what?"), "what${?}"),
            (Text.of("${aws:username}"), "${$}{aws:username}"),
            (Text.of("price-$"), "price-${$}"),
            (Text.of("$LATEST"), "$LATEST"),
            (Text.of(TABLE_ARN), {"Fn::GetAtt": ["Table", "Arn"]}),
            (Text.of(TABLE_ARN, "/index/", Wildcard()), {"Fn::Sub": "${Table.Arn}/index/*"}),
            (Text.of(TABLE, "*"), {"Fn::Sub": ["${Table}${Value1}", {"Value1": "${*}"}]}),
        ],
    )
    def test_unknown_parts_are_stars_and_special_characters_are_escaped(self, text: Text, rendered: object) -> None:
        assert render_pattern(text) == rendered

    @given(awkward)
    def test_a_literal_matches_itself(self, literal: str) -> None:
        pattern = render_pattern(Text.of(literal))
        assert isinstance(pattern, str)
        assert iam_matches(pattern, literal)

    @given(awkward, awkward)
    def test_a_literal_matches_nothing_else(self, literal: str, other: str) -> None:
        pattern = render_pattern(Text.of(literal))
        assert isinstance(pattern, str)
        assert iam_matches(pattern, other) == (literal == other)

    @given(st.lists(st.one_of(awkward, st.sampled_from(REFERENCES)), max_size=6), awkward)
    def test_with_references_it_matches_the_deployed_string_alone(self, pieces: list[Part | str], other: str) -> None:
        text = Text.of(*pieces)
        pattern = evaluate(render_pattern(text))
        assert text.sample is not None
        assert iam_matches(pattern, text.sample)
        assert not iam_matches(pattern, f"{text.sample}{other}x")

    @given(awkward, awkward, awkward)
    def test_an_unknown_part_matches_whatever_it_becomes(self, before: str, hidden: str, after: str) -> None:
        pattern = render_pattern(Text.of(before, Unknown("why"), after))
        assert isinstance(pattern, str)
        assert iam_matches(pattern, f"{before}{hidden}{after}")


class TestSpell:
    def test_references_are_placeholders_and_unknown_parts_are_stars(self) -> None:
        text = Text.of("a-", TABLE, "-", TABLE_ARN, "-", SELECT, "-", Unknown("why"), ":", Wildcard())
        assert spell(text) == "a-${Table}-${Table.Arn}-${Select}-*:*"

    @given(st.lists(st.sampled_from([*REFERENCES, Literal("x")]), max_size=4))
    def test_no_value_of_a_parameter_is_told(self, pieces: list[Part]) -> None:
        secret = [Reference("Ref", "Password", sample="hunter2"), *pieces]
        assert "hunter2" not in spell(Text.of(*secret))


def test_nothing_rendered_holds_the_value_of_a_parameter() -> None:
    secret = Reference("Ref", "Password", sample="hunter2")
    assert "hunter2" not in json.dumps([render_string(Text.of("x", secret)), render_pattern(Text.of(secret, "*"))])


def test_a_wildcard_of_known_length_is_as_many_question_marks() -> None:
    suffix = Text.of("secret:card-", Wildcard(6))
    assert render_pattern(suffix) == "secret:card-??????"
    assert render_pattern(Text.of(suffix, Wildcard())) == "secret:card-??????*"
    assert render_pattern(Text.of("secret:", Unknown("why"), Wildcard(6))) == "secret:*??????"

"""Taking ARNs apart where that is exact, and putting them together."""

import pytest

from sfn_least_privilege.policy.arn import build, field, select
from sfn_least_privilege.policy.deployment import literal_deployment, template_deployment
from sfn_least_privilege.policy.rendering import render_pattern, render_string
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, Wildcard, unknown

DEPLOYMENT = template_deployment("eu-west-1", "111122223333")
WRITTEN_OUT = literal_deployment("aws", "eu-west-1", "111122223333")

TABLE_TEMPLATE = "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}"
TABLE_ARN = Reference("Fn::GetAtt", "Table.Arn", Kind.ARN)
TABLE = Reference("Ref", "Table", Kind.NAME)
NOT_KNOWN = Reference("Fn::ImportValue", '"shared"')
ARN_PARAMETER = Reference("Ref", "Parameter", sample="arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
NAME_PARAMETER = Reference("Ref", "Parameter", sample="orders")
HOLE = Unknown("why")


class TestField:
    @pytest.mark.parametrize(
        ("index", "expected"),
        [(0, "arn"), (1, "aws"), (2, "sns"), (3, "eu-west-1"), (4, "111122223333"), (5, "orders")],
    )
    def test_of_a_literal(self, index: int, expected: str) -> None:
        arn = Text.of("arn:aws:sns:eu-west-1:111122223333:orders")
        assert field(arn, index) == Text.of(expected)

    def test_beside_pseudo_parameters_counting_stays_exact(self) -> None:
        arn = build(TABLE_TEMPLATE, DEPLOYMENT, Text.of("orders"))
        assert field(arn, 4) == DEPLOYMENT.account_id
        assert field(arn, 5) == Text.of("table/orders")

    def test_there_is_no_field_behind_the_last(self) -> None:
        assert field(Text.of("arn:aws:sns:eu-west-1:111122223333:orders"), 6) is None

    def test_of_a_reference_cloudformation_picks_it(self) -> None:
        picked = field(Text.of(TABLE_ARN), 4)
        assert picked is not None
        assert render_string(picked) == {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Table", "Arn"]}]}]}

    def test_of_a_reference_the_sample_goes_along(self) -> None:
        picked = field(Text.of(ARN_PARAMETER), 5)
        assert picked is not None
        assert picked.sample == "table/orders"

    def test_a_value_that_has_no_such_field_is_not_picked_from(self) -> None:
        assert field(Text.of(NAME_PARAMETER), 4) is None

    @pytest.mark.parametrize("part", [HOLE, Wildcard(), NOT_KNOWN])
    def test_behind_a_part_that_may_hold_colons_nothing_can_be_told(self, part: Unknown | Wildcard | Reference) -> None:
        assert field(Text.of("arn:", part, ":orders"), 5) is None


class TestSelect:
    def test_the_part_is_picked_at_deployment(self) -> None:
        queue = Reference("Ref", "Queue", Kind.URL, sample="https://host/111122223333/orders")
        picked = select(4, "/", queue)
        assert render_string(Text.of(picked)) == {"Fn::Select": [4, {"Fn::Split": ["/", {"Ref": "Queue"}]}]}
        assert picked.sample == "orders"

    def test_equal_picks_are_equal(self) -> None:
        assert select(4, ":", TABLE_ARN) == select(4, ":", TABLE_ARN)


class TestBuild:
    def test_with_pseudo_parameters(self) -> None:
        assert render_pattern(build(TABLE_TEMPLATE, DEPLOYMENT, Text.of("orders"))) == {
            "Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"
        }

    def test_written_out(self) -> None:
        assert render_pattern(build(TABLE_TEMPLATE, WRITTEN_OUT, Text.of("orders-", HOLE))) == (
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*"
        )

    def test_a_star_in_the_template_is_meant(self) -> None:
        template = "arn:{Partition}:states:{Region}:{AccountId}:execution:{}:*"
        assert build(template, WRITTEN_OUT, Text.of("orders")).parts == (
            Literal("arn:aws:states:eu-west-1:111122223333:execution:orders:"),
            Wildcard(),
        )

    def test_a_star_in_the_name_is_none(self) -> None:
        assert render_pattern(build("arn:aws:s3:::{}", WRITTEN_OUT, Text.of("*"))) == "arn:aws:s3:::${*}"

    def test_another_account_takes_the_place_of_the_own(self) -> None:
        built = build(TABLE_TEMPLATE, WRITTEN_OUT, Text.of("orders"), account_id=Text.of("999988887777"))
        assert built.literal == "arn:aws:dynamodb:eu-west-1:999988887777:table/orders"

    def test_another_region_takes_the_place_of_the_own(self) -> None:
        built = build(TABLE_TEMPLATE, WRITTEN_OUT, Text.of("orders"), region=Text.of("us-east-1"))
        assert built.literal == "arn:aws:dynamodb:us-east-1:111122223333:table/orders"

    def test_a_template_that_is_the_name_alone(self) -> None:
        assert build("{}", WRITTEN_OUT, unknown("why")) == unknown("why")

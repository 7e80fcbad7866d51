from __future__ import annotations

import pytest

from sfn_least_privilege.policy.catalog.forms.revision import Numbered, numbered, unnumbered
from sfn_least_privilege.policy.text import EMPTY, Kind, Reference, Text, Unknown

HOLE = Unknown("it comes later")
DEFINITION = Reference("Ref", "Sort", Kind.ARN, logical_id="Sort", resource_type="AWS::ECS::TaskDefinition")
PINNED = Reference("Ref", "Definition", Kind.NAME, sample="sort:3")
FAMILY = Reference("Ref", "Family", Kind.NAME, sample="sort")
IMPORTED = Reference("Fn::ImportValue", '"shared"')


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (Text.of("sort:3"), Numbered.YES),
        (Text.of(FAMILY, ":3"), Numbered.YES),
        (Text.of(HOLE, ":3"), Numbered.YES),
        (Text.of("arn:aws:ecs:eu-west-1:123456789012:task-definition/sort:12"), Numbered.YES),
        (Text.of(DEFINITION), Numbered.YES),
        (Text.of(PINNED), Numbered.YES),
        (Text.of("sort"), Numbered.NO),
        (Text.of("arn:aws:ecs:eu-west-1:123456789012:task-definition/sort"), Numbered.NO),
        (Text.of(FAMILY), Numbered.NO),
        (EMPTY, Numbered.NO),
        (Text.of("sort:", HOLE), Numbered.MAYBE),
        (Text.of("sort-", HOLE), Numbered.MAYBE),
        (Text.of("sort:", HOLE, "3"), Numbered.MAYBE),
        (Text.of(HOLE, "3"), Numbered.MAYBE),
        (Text.of(HOLE, "-", FAMILY), Numbered.NO),
        (Text.of(FAMILY, "3"), Numbered.NO),
        (Text.of(IMPORTED), Numbered.MAYBE),
    ],
    ids=str,
)
def test_whether_a_revision_stands_at_the_end(text: Text, state: Numbered) -> None:
    assert numbered(text) is state


@pytest.mark.parametrize(
    ("text", "family"),
    [
        (Text.of("sort:3"), Text.of("sort")),
        (Text.of("sort"), Text.of("sort")),
        (Text.of(FAMILY, ":3"), Text.of(FAMILY)),
        (Text.of(FAMILY), Text.of(FAMILY)),
        (EMPTY, EMPTY),
    ],
    ids=str,
)
def test_a_revision_can_be_taken_away(text: Text, family: Text) -> None:
    assert unnumbered(text) == family

"""Ten times the needs are no more than forty times the work: calls are counted, no time is measured."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.iam.packing import NOTHING, pack
from sfn_least_privilege.policy.iam.placement import place
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.template.dependencies import Dependencies
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable

STAR = Wildcard()
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/"


def need(text: Text, number: int, action: str = "dynamodb:GetItem", **fields: object) -> Need:
    reason = Reason((f"State {number}",), "dynamodb:getItem", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    guards = fields.get("guards", ())
    conditions = fields.get("conditions", ())
    return Need((action,), Guarded(text, guards), Phase.RUN, reason, conditions)  # type: ignore[arg-type] -- given below


SHAPES: dict[str, Callable[[int], Need]] = {
    "literals": lambda n: need(Text.of(f"{ARN}t{n}"), n),
    "references": lambda n: need(Text.of(Reference("Fn::GetAtt", f"T{n}.Arn", Kind.ARN, f"T{n}")), n),
    "the same end behind a star": lambda n: need(Text.of(f"{ARN}{n:05}-", STAR, "-orders"), n),
    "the same beginning before a star": lambda n: need(Text.of(ARN, STAR, f"-{n:05}"), n),
    "the same beginning and end around stars": lambda n: need(Text.of(ARN, STAR, f"-{n:05}-", STAR, "/index"), n),
    "beginnings of every length": lambda n: need(Text.of(f"{ARN}{'x' * (n % 300)}{n}", STAR), n),
    "beginnings and ends of every length": lambda n: need(
        Text.of(f"{ARN}{'x' * (n % 71)}{n}", STAR, "y" * (n % 73)), n
    ),
    "one pattern that covers all": lambda n: need(Text.of(ARN, STAR) if n == 0 else Text.of(f"{ARN}t{n}"), n),
    "actions": lambda n: need(Text.of(ARN), n, f"dynamodb:Get{n}"),
    "conditions": lambda n: need(
        Text.of(f"{ARN}t{n % 50}"),
        n,
        conditions=(Condition("StringEquals", "dynamodb:LeadingKeys", (Text.of(str(n)),)),),
    ),
    "guards": lambda n: need(Text.of(f"{ARN}t{n}"), n, guards=((f"C{n % 20}", bool(n % 2)),)),
    "many guards of one": lambda n: need(Text.of(ARN), n, guards=((f"C{n}", True),)),
}


def calls(work: Callable[[], object]) -> int:
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def synthesis(needs: list[Need]) -> object:
    placed = place(needs, "Machine", Dependencies({}))
    return pack(placed.in_role, placed.beside_role, NOTHING, "Machine")


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_the_needs_are_about_ten_times_the_work(shape: str) -> None:
    few, many = ([SHAPES[shape](n) for n in range(count)] for count in (150, 1_500))
    # The first few hundred are looked up among fewer patterns, and fit into the role; squared it would be a hundred.
    assert calls(lambda: synthesis(many)) < 40 * calls(lambda: synthesis(few))

"""How the time of making statements of needs grows: 5,000 needs of one machine beside 500, as a ratio.

Usage: python benchmarks/synthesis.py [needs]
"""

from __future__ import annotations

import sys

from transform import seconds

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.iam.packing import NOTHING, pack
from sfn_least_privilege.policy.iam.placement import place
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.template.dependencies import Dependencies
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import Guarded

STAR = Wildcard()
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"


def need(text: Text, number: int) -> Need:
    """One permission, asked for by a state of its own."""
    reason = Reason((f"State {number}",), "lambda:invoke", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    return Need(("lambda:InvokeFunction",), Guarded(text), Phase.RUN, reason)


SHAPES = {
    "distinct functions": lambda number: need(Text.of(f"{ARN}step-{number}"), number),
    "distinct references": lambda number: need(Text.of(Reference("Fn::GetAtt", f"F{number}.Arn", Kind.ARN)), number),
    "patterns alike in front": lambda number: need(Text.of(ARN, STAR, f"-{number}"), number),
    "patterns alike behind": lambda number: need(Text.of(f"{ARN}{number}-", STAR, ":live"), number),
}


def synthesis(needs: list[Need]) -> object:
    """Statements in their places, within the quotas."""
    placed = place(needs, "Machine", Dependencies({}))
    return pack(placed.in_role, placed.beside_role, NOTHING, "Machine")


def main() -> None:
    """Measure and print."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    few = many // 10
    print(f"needs of one machine to statements, {many:,} : {few:,}")
    for name, shape in SHAPES.items():
        times = []
        for count in (few, many):
            needs = [shape(number) for number in range(count)]
            times.append(seconds(lambda needs=needs: synthesis(needs)))
        print(f"  {name:24} {times[1] * 1e3:7.1f} ms = {times[1] / times[0]:4.1f} x {times[0] * 1e3:.1f} ms")


if __name__ == "__main__":
    main()

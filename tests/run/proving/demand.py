"""What AWS demands of a role, told from a call that was really made or from a document."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "123456789012"
REGION = "eu-west-1"


class UnmappedCallError(Exception):
    """Nobody has said yet what a call is authorised on: an error, never an allowance."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One authorisation. ``source`` is the document it rests on; a call's own action rests on the public data."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()
    source: str = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    at_creation: bool = False

    @property
    def account(self) -> str:
        """The account that owns the resource: the ARN's, or ours where it names none."""
        fields = self.resource.split(":")
        return fields[4] if len(fields) > 5 and fields[4].isdigit() else ACCOUNT


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger: what was demanded where, and what the judge said."""

    machine: str
    state: str
    call: str
    demand: Demand
    allowed: bool
    by: tuple[str, ...]

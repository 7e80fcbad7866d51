"""Definitions that live outside the template: where they are, and the protocol that fetches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.errors import DefinitionUnavailableError


@dataclass(frozen=True, slots=True)
class S3Object:
    """A definition in S3."""

    bucket: str
    key: str
    version: str | None = None

    def __str__(self) -> str:
        version = f"?versionId={self.version}" if self.version else ""
        return f"s3://{self.bucket}/{self.key}{version}"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A definition beside the template, before ``sam package`` has moved it to S3."""

    path: str

    def __str__(self) -> str:
        return self.path


DefinitionLocation: TypeAlias = S3Object | LocalFile


class DefinitionSource(Protocol):
    """Fetches definitions; the handler does it from S3, the command line from files."""

    def fetch(self, locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        """Fetch all ``locations`` (none twice), in parallel where that helps.

        Answers the text of each, or the error that says why it is not to be had and what to do about it.
        """


FetchedDefinition: TypeAlias = "str | DefinitionUnavailableError"

"""Definitions in files beside the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.template.definitions import LocalFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

# A definition may have one megabyte: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
# (documented). Twice that leaves room for indentation and comments, and keeps out what is no definition.
_LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """Fetches definitions from files; relative paths start at ``folder``."""

    folder: Path

    def fetch(self, locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        """Read all ``locations``; one that cannot be read is answered with the reason."""
        return {location: self._fetch(location) for location in locations}

    def _fetch(self, location: DefinitionLocation) -> FetchedDefinition:
        if not isinstance(location, LocalFile):
            return DefinitionUnavailableError(
                f"the command line reads files only, and {location} is in S3: transform the template before "
                "`sam package` or `aws cloudformation package` replaces the file's name, or let the deployed macro "
                "read it",
            )
        path = self.folder / location.path
        try:
            if not path.is_file():
                problem = f"{path} is not a file" if path.exists() else f"there is no file {path}"
                return DefinitionUnavailableError(problem)
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except (OSError, ValueError) as error:
            return DefinitionUnavailableError(f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}")
        if len(content) > _LARGEST:
            return DefinitionUnavailableError(f"{path} has more than 2 MB, and a definition may have 1 MB")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return DefinitionUnavailableError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8")

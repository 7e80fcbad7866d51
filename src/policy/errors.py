"""Everything this project raises.

- SfnLeastPrivilegeError
  - DefinitionUnavailableError   a definition outside the template could not be fetched
  - TransformFailedError         the input was understood well enough to say why it cannot be transformed

A stage that meets bad input records a finding and goes on, so that one run reports every problem;
``TransformFailedError`` ends the run at the point where its caller needs a result and there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.findings import Finding


class SfnLeastPrivilegeError(Exception):
    """Base of every error of this project; its text is meant for the user."""


class DefinitionUnavailableError(SfnLeastPrivilegeError):
    """A definition outside the template could not be fetched; the text says where it is and what to do."""


class TransformFailedError(SfnLeastPrivilegeError):
    """The transform failed for the reasons in ``findings``, all of them errors."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings; the text is one line for each."""
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings

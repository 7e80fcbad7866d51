"""What goes wrong with the command line's own input; see ``policy/errors.py`` for everything else.

- SfnLeastPrivilegeError
  - InputError    a file or an option cannot be used as it is
    - UsageError  the command was called wrongly
"""

from __future__ import annotations

from sfn_least_privilege.policy.errors import SfnLeastPrivilegeError


class InputError(SfnLeastPrivilegeError):
    """A file cannot be used as it is; the text says which, where in it, and why."""


class UsageError(InputError):
    """The command was called wrongly: an option that the template does not know, for example."""

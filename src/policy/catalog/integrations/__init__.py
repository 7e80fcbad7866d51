"""The optimised integrations, one service a module, loaded when a definition first calls the service.

A module is named like its service in the integration's ARN, with ``_`` for ``-`` (and one behind a Python keyword),
and holds ``INTEGRATIONS``, a tuple of rows. A new service is one module here and one test.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.catalog.integration import Integration

_MODULES = {module.name.rstrip("_").replace("_", "-"): module.name for module in iter_modules(__path__)}

SERVICES = tuple(sorted(_MODULES))


@cache
def service_integrations(service: str) -> Mapping[str, Integration]:
    """The rows of a service by API; empty for a service that has none."""
    module = _MODULES.get(service)
    if module is None:
        return {}
    rows: tuple[Integration, ...] = import_module(f"{__name__}.{module}").INTEGRATIONS
    return {row.api: row for row in rows}

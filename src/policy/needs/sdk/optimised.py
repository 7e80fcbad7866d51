"""Operations that have an optimised integration as well: the same call needs the same of the role, whoever makes it.

The rows of optimised integrations are written by hand from the documentation, so that they go before the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.integrations import service_integrations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.task_resource import ServiceCall
    from sfn_least_privilege.policy.catalog.integration import Integration

# Not those whose rows need more for what only the optimised integration does (SageMaker), nor those that the catalogue
# knows as well, or better (DynamoDB, SQS, …).
_SERVICES: Mapping[str, str] = {
    "athena": "athena",
    "batch": "batch",
    "databrew": "databrew",
    "ecs": "ecs",
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "glue": "glue",
    "mediaconvert": "mediaconvert",
}


def optimised_row(service: str, call: ServiceCall) -> Integration | None:
    """The row of the optimised integration that makes the same call, where there is one."""
    rows = service_integrations(_SERVICES.get(service, ""))
    row = rows.get(call.api)
    return row if row is not None and call.pattern in row.patterns else None

"""A record of every call that is made under a role, one JSON object a line in the file ``E2E_CALLS``.

localstack enforces no policies, so that tests hold the record against them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from localstack.aws import handlers
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.services.sts.models import sts_stores
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header

CALLS = Path(os.environ["E2E_CALLS"])
# IAM's name of a service and of an operation, where localstack's is another:
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
SERVICES = {"stepfunctions": "states"}
OPERATIONS = {"lambda:Invoke": "lambda:InvokeFunction"}


def install() -> None:
    """Record calls from now on."""
    CALLS.touch()
    handlers.serve_custom_service_request_handlers.append(record)


def record(_chain: Any, context: Any, _response: Any) -> None:
    key = extract_access_key_id_from_auth_header(context.request.headers)
    # One store for all accounts and regions.
    session = sts_stores[DEFAULT_AWS_ACCOUNT_ID]["us-east-1"].credentials.get(key)
    if not session or not context.service or not context.operation:
        return
    service = context.service.service_name
    action = f"{SERVICES.get(service, service)}:{context.operation.name}"
    call = {"role": session.arn.split("/")[1], "action": OPERATIONS.get(action, action)}
    with CALLS.open("a") as stream:
        stream.write(json.dumps(call) + "\n")

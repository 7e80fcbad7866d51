"""How arguments that are neither a plain name nor an ARN to grant as it is name their resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.forms.automation import automation_definition, document, parameter
from sfn_least_privilege.policy.catalog.sdk.forms.buckets import bucket, copy_source, s3_location
from sfn_least_privilege.policy.catalog.sdk.forms.keys import key, used_key
from sfn_least_privilege.policy.catalog.sdk.forms.models import inference_profile, model, prompt
from sfn_least_privilege.policy.catalog.sdk.forms.names import (
    bus,
    family,
    instance_profile,
    lower,
    sender,
    under_any_path,
)
from sfn_least_privilege.policy.catalog.sdk.forms.resources import function, log_group, queue, secret, state_machine
from sfn_least_privilege.policy.catalog.sdk.forms.statements import partiql_table, timestream_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.catalog.sdk.forms.named import Form

FORMS: Mapping[str, Form] = {
    "automation": automation_definition,
    "bucket": bucket,
    "bus": bus,
    "copy-source": copy_source,
    "document": document,
    "family": family,
    "function": function,
    "identity": sender,
    "inference-profile": inference_profile,
    "instance-profile": instance_profile,
    "key": key,
    "log-group": log_group,
    "lower": lower,
    "machine": state_machine,
    "model": model,
    "parameter": parameter,
    "partiql": partiql_table,
    "path": under_any_path,
    "prompt": prompt,
    "queue": queue,
    "s3-uri": s3_location,
    "secret": secret,
    "timestream": timestream_table,
    "used-key": used_key,
}
"""Forms by the names that the catalogue's files use."""

"""How arguments that are neither a plain name nor an ARN to grant as it is name their resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.forms.automation import document, parameter
from sfn_least_privilege.policy.catalog.sdk.forms.buckets import bucket, copy_source, s3_location
from sfn_least_privilege.policy.catalog.sdk.forms.instances import (
    instance,
    managed_instance,
    resource_of_id,
    resources_of_type,
)
from sfn_least_privilege.policy.catalog.sdk.forms.keys import alias, key, used_key
from sfn_least_privilege.policy.catalog.sdk.forms.models import model, prompt
from sfn_least_privilege.policy.catalog.sdk.forms.names import (
    account,
    before_colon,
    bus,
    family,
    image,
    last_segment,
    lower,
    organization_account,
    organization_policy,
    organization_root,
    organizational_unit,
    sender,
    stack,
    under_any_path,
    verified_identity,
    web_acl_scope,
)
from sfn_least_privilege.policy.catalog.sdk.forms.resources import (
    function,
    log_group,
    new_secret,
    queue,
    secret,
    state_machine,
    topic,
)
from sfn_least_privilege.policy.catalog.sdk.forms.statements import partiql_table, timestream_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.catalog.sdk.forms.named import Form

FORMS: Mapping[str, Form] = {
    "account": account,
    "alias": alias,
    "before-colon": before_colon,
    "bucket": bucket,
    "bus": bus,
    "copy-source": copy_source,
    "document": document,
    "ec2-id": resource_of_id,
    "ec2-instance": instance,
    "ec2-type": resources_of_type,
    "family": family,
    "function": function,
    "identity": sender,
    "image": image,
    "key": key,
    "last-segment": last_segment,
    "log-group": log_group,
    "lower": lower,
    "machine": state_machine,
    "managed-instance": managed_instance,
    "model": model,
    "new-secret": new_secret,
    "org-account": organization_account,
    "org-policy": organization_policy,
    "ou": organizational_unit,
    "parameter": parameter,
    "partiql": partiql_table,
    "path": under_any_path,
    "prompt": prompt,
    "queue": queue,
    "root": organization_root,
    "s3-uri": s3_location,
    "secret": secret,
    "ses-identity": verified_identity,
    "stack": stack,
    "timestream": timestream_table,
    "topic": topic,
    "used-key": used_key,
    "waf-scope": web_acl_scope,
}
"""Forms by the names that the catalogue's files use."""

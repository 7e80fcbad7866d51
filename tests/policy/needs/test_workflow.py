from __future__ import annotations

from sfn_least_privilege.policy.catalog.keys import ENCRYPTED_TYPES
from sfn_least_privilege.policy.needs.workflow import KEY_PROPERTIES


def test_keys_are_looked_for_wherever_a_resource_can_name_one() -> None:
    named = {described.key.partition(".")[0].removesuffix("[]") for described in ENCRYPTED_TYPES.values()}
    assert named == KEY_PROPERTIES

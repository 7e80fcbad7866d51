from __future__ import annotations

import pytest

from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn
from sfn_least_privilege.policy.catalog.integration import ROLE_TEMPLATE
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import Text, Unknown

HERE = literal_deployment("aws", "eu-west-1", "123456789012")


@pytest.mark.parametrize(
    ("role", "granted"),
    [
        (Text.of("arn:aws:iam::123456789012:role/batch/worker"), "arn:aws:iam::123456789012:role/batch/worker"),
        (Text.of("worker"), "arn:aws:iam::123456789012:role/worker"),
        (Text.of(Unknown("it comes later")), "arn:aws:iam::123456789012:role/*"),
        (Text.of("arn:aws:iam::", Unknown("it comes later")), "arn:aws:iam::123456789012:role/*"),
        (Text.of("arn:aws:iam::", Unknown("later"), ":role/worker"), "arn:aws:iam::123456789012:role/worker"),
        (Text.of(Unknown("it comes later"), "-worker"), "arn:aws:iam::123456789012:role/*-worker"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_role_whose_account_is_not_known_is_one_of_the_own_account(role: Text, granted: str) -> None:
    assert spell(passed_role_arn(role, ROLE_TEMPLATE, HERE)) == granted

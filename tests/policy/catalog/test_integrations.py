from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import cfnlint.data.AdditionalSpecs
import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.integration import Integration

ROWS = [row for service in SERVICES for row in service_integrations(service).values()]
KNOWN_ACTIONS = json.loads((resources.files(cfnlint.data.AdditionalSpecs) / "Policies.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.service}:{row.api}")
class TestRow:
    def test_every_action_exists(self, row: Integration) -> None:
        for grant in row.grants:
            for action in grant.actions:
                service, _, verb = action.partition(":")
                assert verb.lower() in KNOWN_ACTIONS[service]["Actions"]

    def test_a_grant_speaks_of_one_service(self, row: Integration) -> None:
        assert all(len({action.partition(":")[0] for action in grant.actions}) == 1 for grant in row.grants)

    def test_it_says_where_it_comes_from(self, row: Integration) -> None:
        guide = "https://docs.aws.amazon.com/step-functions/latest/dg/"
        assert row.documentation.startswith((f"{guide}connect-", f"{guide}call-https-apis"))
        assert row.basis in tuple(Basis)

    def test_every_other_source_is_a_page_of_aws_too(self, row: Integration) -> None:
        pages = [grant.documentation for grant in row.grants if grant.documentation]
        assert all(page.startswith("https://docs.aws.amazon.com/") for page in pages)

    def test_what_is_granted_for_some_patterns_is_for_a_pattern_it_supports(self, row: Integration) -> None:
        assert all(set(grant.patterns) & set(row.patterns) for grant in row.grants if grant.patterns)


def test_a_service_that_is_not_known_has_no_rows() -> None:
    assert service_integrations("teleport") == {}


def test_a_service_is_loaded_when_it_is_asked_for_and_once() -> None:
    assert service_integrations("sqs") is service_integrations("sqs")

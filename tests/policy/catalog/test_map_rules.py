from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import cfnlint.data.AdditionalSpecs
import pytest

from sfn_least_privilege.policy.catalog.map_rules import MAP_RUN, READERS, WRITERS

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.integration import Integration

KNOWN_ACTIONS = json.loads((resources.files(cfnlint.data.AdditionalSpecs) / "Policies.json").read_text())
ROWS = [MAP_RUN, *READERS.values(), *WRITERS.values()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.service}:{row.api}")
class TestRow:
    def test_every_action_exists(self, row: Integration) -> None:
        for grant in row.grants:
            for action in grant.actions:
                service, _, verb = action.partition(":")
                assert verb.lower() in KNOWN_ACTIONS[service]["Actions"]

    def test_it_says_where_it_comes_from(self, row: Integration) -> None:
        pages = [row.documentation, *(grant.documentation for grant in row.grants if grant.documentation)]
        assert all(page.startswith("https://docs.aws.amazon.com/") for page in pages)


@pytest.mark.parametrize("rows", [READERS, WRITERS], ids=["readers", "writers"])
def test_an_integration_is_found_by_its_api(rows: dict[str, Integration]) -> None:
    assert all(row.api == api for api, row in rows.items())

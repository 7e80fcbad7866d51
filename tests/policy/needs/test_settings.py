from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.catalog.machine_rules import LOGGING, TRACING
from sfn_least_privilege.policy.needs.need import Need, Phase
from sfn_least_privilege.policy.needs.settings import setting_needs
from sfn_least_privilege.policy.value import MISSING, Conditional, ObjectValue, Scalar, Value, from_json

DESTINATIONS = [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:l:*"}}]


def needs(settings: dict[str, Value]) -> list[Need]:
    return [each for each in setting_needs(settings, "Machine") if isinstance(each, Need)]


@pytest.mark.parametrize("level", ["ALL", "ERROR", "FATAL"])
def test_logging_that_is_on_needs_log_delivery_when_the_machine_is_created(level: str) -> None:
    (need,) = needs({"LoggingConfiguration": from_json({"Level": level, "Destinations": DESTINATIONS})})
    assert (need.actions, need.phase) == (LOGGING.actions, Phase.CREATION)


@pytest.mark.parametrize(
    "logging",
    [{"Level": "OFF", "Destinations": DESTINATIONS}, {"Destinations": DESTINATIONS}, {"Level": "ALL"}, {}],
)
def test_logging_that_is_off_needs_nothing(logging: dict[str, Any]) -> None:
    assert needs({"LoggingConfiguration": from_json(logging)}) == []


@pytest.mark.parametrize("enabled", [True, "true"])
def test_tracing_that_is_on_needs_x_ray(enabled: Any) -> None:
    (need,) = needs({"TracingConfiguration": from_json({"Enabled": enabled})})
    assert (need.actions, need.phase) == (TRACING.actions, Phase.RUN)


@pytest.mark.parametrize("tracing", [{"Enabled": False}, {"Enabled": "false"}, {}])
def test_tracing_that_is_off_needs_nothing(tracing: dict[str, Any]) -> None:
    assert needs({"TracingConfiguration": from_json(tracing)}) == []


def test_tracing_that_a_condition_switches_on_is_needed_under_that_condition() -> None:
    enabled = Conditional("IsProduction", Scalar("true"), Scalar("false"))
    (need,) = needs({"TracingConfiguration": ObjectValue({"Enabled": enabled})})
    assert need.resource.guards == (("IsProduction", True),)


def test_a_machine_without_settings_needs_nothing() -> None:
    assert needs({}) == []


def test_settings_that_a_condition_leaves_out_are_needed_under_that_condition() -> None:
    tracing = Conditional("IsProduction", from_json({"Enabled": True}), MISSING)
    logging = Conditional("IsLogged", from_json({"Level": "ALL", "Destinations": DESTINATIONS}), MISSING)
    guards = [
        each.resource.guards for each in needs({"TracingConfiguration": tracing, "LoggingConfiguration": logging})
    ]
    assert guards == [(("IsLogged", True),), (("IsProduction", True),)]

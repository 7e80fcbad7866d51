from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.handler import s3_definitions
from sfn_least_privilege.policy import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Engine = Callable[[Mapping[str, Any], pipeline.Request], pipeline.Outcome]


@pytest.fixture(autouse=True)
def lambda_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_X_AMZN_TRACE_ID", "AWS_SAM_LOCAL", "AWS_LAMBDA_LOG_GROUP_NAME", "POWERTOOLS_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def fresh_s3_client() -> Iterator[None]:
    s3_definitions.s3_client.cache_clear()
    yield
    s3_definitions.s3_client.cache_clear()


@pytest.fixture
def event() -> dict[str, Any]:
    return {
        "region": "eu-west-1",
        "accountId": "111111111111",
        "transformId": "111111111111::SfnLeastPrivilege",
        "requestId": "5dba79b5-f117-4de0-9ce4-d40363bfb6ab",
        "params": {},
        "templateParameterValues": {},
        "fragment": {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}},
    }


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Engine], None]:
    """Put a substitute into the engine's place."""

    def substitute(transform: Engine) -> None:
        monkeypatch.setattr(pipeline, "transform", transform)

    return substitute


@dataclass(frozen=True)
class Output:
    """What the function wrote: log entries by message, metrics by name, and everything as one text."""

    text: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def logs(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if "_aws" not in line]

    @property
    def metrics(self) -> dict[str, float]:
        [emf] = [line for line in self.lines if "_aws" in line]
        names = [metric["Name"] for metric in emf["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
        return {name: emf[name][0] for name in names}


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Callable[[], Output]:
    """Read what was written to stdout and stderr since the last time."""

    def read() -> Output:
        captured = capsys.readouterr()
        return Output(captured.out + captured.err)

    return read

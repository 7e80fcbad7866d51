from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from emulation.lambda_runtime import Emulator, emulated, runtime, s3_of_events

from sfn_least_privilege.handler import s3_definitions
from sfn_least_privilege.handler.app import lambda_handler

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
EVENTS = {path.stem: json.loads(path.read_text()) for path in sorted(ROOT.glob("events/*.json"))}
SUCCESSES = {
    "definition-s3-location",
    "dynamic-resources",
    "nested-executions",
    "no-echo-parameters",
    "no-state-machines",
    "plain-cloudformation",
    "sam-inline-definition",
    "sam-transformed",
}
FAILURES = {
    "broken-definitions": ("MissingComma", "NoStates", "NoDefinition"),
    "local-definition-uri": ("statemachine/workflow.asl.json", "sam package"),
    "snippet": ("Fn::Transform", "Transform: [SfnLeastPrivilege]"),
}
SECRET = EVENTS["no-echo-parameters"]["templateParameterValues"]["PartnerToken"]


def test_what_is_in_the_bundle(bundle: Path) -> None:
    assert {path.name for path in bundle.iterdir() if path.suffix not in {".dist-info", ".so"}} == {
        "__pycache__",
        "_yaml",
        "aws_lambda_powertools",
        "aws_xray_sdk",
        "fastjsonschema",
        "jmespath",
        "jsonata",
        "sfn_least_privilege",
        "typing_extensions.py",
        "wrapt",
        "wrapt-stubs",
        "yaml",
    }


def test_the_bundle_holds_the_whole_engine_and_handler_with_their_data(bundle: Path) -> None:
    source, bundled = ROOT / "src", bundle / "sfn_least_privilege"
    patterns = ("*.py", "*.json", "*.tsv", "py.typed")
    wanted = {path.relative_to(source) for pattern in patterns for path in source.rglob(pattern)}
    wanted = {path for path in wanted if path.parts[0] != "cli"}

    assert {
        path.relative_to(bundled) for path in bundled.rglob("*") if path.suffix != ".pyc" and path.is_file()
    } == wanted
    assert not (bundled / "cli").exists()


def test_the_bundle_is_compiled_for_the_function(bundle: Path) -> None:
    uncompiled = [
        path for path in bundle.rglob("*.py") if not Path(importlib.util.cache_from_source(str(path))).exists()
    ]

    assert uncompiled == []


def test_the_bundle_names_no_builder(bundle: Path) -> None:
    names = {path.name for path in bundle.rglob("*.dist-info/*")}

    assert "METADATA" in names
    assert not names & {"RECORD", "INSTALLER", "direct_url.json"}
    assert not any(str(bundle).encode() in path.read_bytes() for path in bundle.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def aws_environment() -> Iterator[dict[str, str]]:
    with s3_of_events() as environment:
        yield environment


@pytest.fixture(scope="module")
def emulator(
    bundle: Path,
    sam_environment: Path,
    aws_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Emulator]:
    with emulated(bundle, tmp_path_factory.mktemp("emulator"), sam_environment, aws_environment) as emulator:
        yield emulator


@pytest.fixture
def in_process(aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in aws_environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)
    s3_definitions.s3_client.cache_clear()
    yield
    s3_definitions.s3_client.cache_clear()


def test_every_event_has_an_expected_answer() -> None:
    assert EVENTS.keys() == SUCCESSES | FAILURES.keys()


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("name", EVENTS)
def test_the_bundle_answers_as_the_handler_does(emulator: Emulator, name: str) -> None:
    answer = emulator.invoke(EVENTS[name])

    assert answer == json.loads(json.dumps(lambda_handler(EVENTS[name], None)))
    assert answer["requestId"] == EVENTS[name]["requestId"]


@pytest.mark.parametrize("name", sorted(SUCCESSES))
def test_an_event_that_succeeds(emulator: Emulator, name: str) -> None:
    answer = emulator.invoke(EVENTS[name])

    assert (answer["status"], answer.get("errorMessage")) == ("success", None)


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_an_event_that_fails(emulator: Emulator, name: str) -> None:
    answer = emulator.invoke(EVENTS[name])

    assert (answer["status"], answer["fragment"]) == ("failure", EVENTS[name]["fragment"])
    for words in FAILURES[name]:
        assert words in answer["errorMessage"]


@pytest.mark.parametrize("event", [None, [], "event", 5, {}])
def test_a_malformed_event_gets_an_answer_too(emulator: Emulator, event: object) -> None:
    assert emulator.invoke(event)["status"] == "failure"


def test_a_definition_that_is_not_in_s3_is_named(emulator: Emulator) -> None:
    event = json.loads(json.dumps(EVENTS["definition-s3-location"]).replace("onboarding/9f0c", "elsewhere/9f0c"))

    answer = emulator.invoke(event)

    assert answer["status"] == "failure"
    assert (
        "bucket aws-sam-cli-managed-default-samclisourcebucket-1a2b3c4d5e6f, key elsewhere/9f0c"
        in answer["errorMessage"]
    )


def test_the_log_holds_structured_entries_and_no_secret(emulator: Emulator) -> None:
    before = len(emulator.output.read_text())
    emulator.invoke(EVENTS["no-echo-parameters"])
    written = emulator.output.read_text()

    entries = [json.loads(line) for line in written[before:].splitlines() if line.startswith("{")]
    assert EVENTS["no-echo-parameters"]["requestId"] in {entry.get("correlation_id") for entry in entries}
    assert any("_aws" in entry for entry in entries)
    assert SECRET not in written


def test_a_secret_is_in_no_answer(emulator: Emulator) -> None:
    assert SECRET not in json.dumps(emulator.invoke(EVENTS["no-echo-parameters"]))


def test_a_sampled_invocation_is_traced_without_its_data(
    bundle: Path, aws_environment: dict[str, str], tmp_path: Path
) -> None:
    # Outside the emulator, which hands no trace header on.
    program = """
import json, sys
from sfn_least_privilege.handler.app import lambda_handler
assert "aws_xray_sdk" not in sys.modules
assert lambda_handler(json.load(sys.stdin), None)["status"] == "success"
"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(10)
        environment = {
            **aws_environment,
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
            "LAMBDA_TASK_ROOT": str(bundle),
            "PYTHONPATH": f"{bundle}:{runtime(tmp_path / 'runtime')}",
        }
        done = subprocess.run(
            [sys.executable, "-S", "-c", program],
            env=environment,
            input=json.dumps(EVENTS["no-echo-parameters"]),
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        header, segment = daemon.recv(65_536).decode().split("\n")

    assert json.loads(header) == {"format": "json", "version": 1}
    assert json.loads(segment)["name"] == "## lambda_handler"
    assert SECRET not in segment

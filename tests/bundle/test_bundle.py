from __future__ import annotations

import importlib.util
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

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

# What Lambda's own runtime brings: the interface client and boto3, each with what it needs.
RUNTIME = (
    *("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"),
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"),
)


def test_what_is_in_the_bundle(bundle: Path) -> None:
    assert {path.name for path in bundle.iterdir() if path.suffix not in {".dist-info", ".so"}} == {
        "__pycache__",
        "_yaml",
        "aws_lambda_powertools",
        "aws_xray_sdk",
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
    patterns = ("*.py", "*.json", "py.typed")
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


@dataclass(frozen=True)
class Emulator:
    """A running emulator and where its function's output goes."""

    address: str
    output: Path

    def invoke(self, event: object) -> Any:
        request = urllib.request.Request(
            f"http://{self.address}/2015-03-31/functions/function/invocations",
            data=json.dumps(event).encode(),
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=60) as response:
            return json.load(response)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 that holds what is under events/s3 and lets everybody read it."""

    class Objects(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = ROOT / "events" / "s3" / self.path.partition("?")[0].lstrip("/")
            self.send_response(200 if path.is_file() else 404)
            content = path.read_bytes() if path.is_file() else b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Objects) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def aws_environment(s3: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL_S3": s3,
        "NO_PROXY": "127.0.0.1",
    }


@pytest.fixture(scope="module")
def emulator(
    bundle: Path,
    sam_environment: Path,
    aws_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Emulator]:
    """The bundle under the Lambda runtime interface emulator, with nothing around it but what Lambda has."""
    folder = tmp_path_factory.mktemp("emulator")
    environment = {
        **aws_environment,
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_FUNCTION_NAME": "SfnLeastPrivilegeFunction",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
        "LAMBDA_TASK_ROOT": str(bundle),
        "PATH": os.defpath,
        "PYTHONPATH": f"{bundle}:{runtime(folder / 'runtime')}",
    }
    names = {"x86_64": "x86_64", "aarch64": "arm64"}
    [program] = sam_environment.glob(f"lib/python*/site-packages/samcli/local/rapid/*-rie-{names[platform.machine()]}")
    address, runtime_api = free_address(), free_address()
    command = [
        *(str(program), "--runtime-interface-emulator-address", address, "--runtime-api-address", runtime_api),
        # -S: this environment's packages must not stand in for something that the bundle lacks.
        *(sys.executable, "-S", "-m", "awslambdaric", "sfn_least_privilege.handler.app.lambda_handler"),
    ]
    with running(command, environment, folder / "output"):
        wait_for(address)
        yield Emulator(address, folder / "output")


def runtime(folder: Path) -> Path:
    folder.mkdir()
    for name in RUNTIME:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        package = origin.parent if origin.name == "__init__.py" else origin
        (folder / package.name).symlink_to(package)
    return folder


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def running(command: list[str], environment: dict[str, str], output: Path) -> Iterator[None]:
    """The program with all its children, ended at the end whatever happens."""
    with (
        output.open("wb") as stream,
        subprocess.Popen(command, env=environment, stdout=stream, stderr=stream, start_new_session=True) as process,
    ):
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(address: str) -> None:
    host, port = address.split(":")
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


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

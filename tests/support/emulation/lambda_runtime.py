"""The function's bundle under the Lambda runtime interface emulator, with nothing around it but what Lambda has."""

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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[3]
HANDLER = "sfn_least_privilege.handler.app.lambda_handler"

# What Lambda's own runtime brings: the interface client and boto3, each with what it needs.
RUNTIME = (
    *("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"),
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"),
)


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


@contextmanager
def emulated(
    bundle: Path, folder: Path, sam_environment: Path, variables: Mapping[str, str], handler: str = HANDLER
) -> Iterator[Emulator]:
    """Run ``bundle`` with ``variables`` as its environment until the block ends; ``folder`` is for workings."""
    environment = {
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_FUNCTION_NAME": "SfnLeastPrivilege",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
        "LAMBDA_TASK_ROOT": str(bundle),
        "PATH": os.defpath,
        "PYTHONPATH": f"{bundle}:{runtime(folder / 'runtime')}",
        **variables,
    }
    names = {"x86_64": "x86_64", "aarch64": "arm64"}
    [program] = sam_environment.glob(f"lib/python*/site-packages/samcli/local/rapid/*-rie-{names[platform.machine()]}")
    address, runtime_api = free_address(), free_address()
    command = [
        *(str(program), "--runtime-interface-emulator-address", address, "--runtime-api-address", runtime_api),
        # -S: this environment's packages must not stand in for something that the bundle lacks.
        *(sys.executable, "-S", "-m", "awslambdaric", handler),
    ]
    with running(command, environment, folder / "output"):
        wait_for(address)
        yield Emulator(address, folder / "output")


@contextmanager
def s3_of_events() -> Iterator[dict[str, str]]:
    """An S3 that holds what is under events/s3 and lets everybody read it; what a client needs to find it."""

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
        yield {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
            "NO_PROXY": "127.0.0.1",
        }
        server.shutdown()


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

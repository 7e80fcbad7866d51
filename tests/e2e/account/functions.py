"""Lambda without Docker: each execution environment is a process of the Lambda runtime interface emulator."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from localstack import config
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.lambda_.invocation.lambda_models import InvocationResult

if TYPE_CHECKING:
    from localstack.services.lambda_.invocation.lambda_models import FunctionVersion

# The emulator, the Python that runs functions, and the folder of what Lambda's Python runtime brings.
EMULATOR, PYTHON, RUNTIME = (os.environ[f"E2E_{name}"] for name in ("EMULATOR", "PYTHON", "RUNTIME"))
LOCALHOST = "127.0.0.1"
SECONDS_TO_START = 30
# What awslambdaric answers for an exception, and nothing else has.
ERROR = {"errorMessage", "errorType"}


def install() -> None:
    """Run functions as processes. To be called before localstack loads the rest of its Lambda."""
    runtime_executor.get_runtime_executor = lambda: Executor


class Executor(runtime_executor.RuntimeExecutor):
    """One execution environment of one version of a function."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - localstack calls it so
        super().__init__(id, function_version)
        self.address = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.output = Path(os.environ["TMPDIR"]) / f"function-{function_version.id.function_name}-{id}.log"

    def start(self, env_vars: dict[str, Any]) -> None:
        """Start the emulator; the function itself starts with its first event."""
        runtime, handler = self.function_version.config.runtime, self.function_version.config.handler
        if not runtime.startswith("python"):
            message = f"only functions in Python run here, not {runtime}"
            raise runtime_executor.LambdaRuntimeException(message)
        code = str(self.function_version.config.code.get_unzipped_code_location())
        environment = {
            "PATH": os.defpath,
            **{name: str(value) for name, value in env_vars.items()},
            "LAMBDA_TASK_ROOT": code,
            "PYTHONPATH": f"{code}:{RUNTIME}",
        }
        self.address = f"{LOCALHOST}:{_free_port()}"
        command = [
            *(EMULATOR, "--runtime-interface-emulator-address", self.address),
            *("--runtime-api-address", f"{LOCALHOST}:{_free_port()}"),
            # -S: what is installed beside this Python must not stand in for something that the function lacks.
            *(PYTHON, "-S", "-m", "awslambdaric", handler),
        ]
        with self.output.open("wb") as stream:
            # In the process group of this account: when that ends, so does the function.
            self.process = subprocess.Popen(command, env=environment, cwd=code, stdout=stream, stderr=stream)
        until = time.monotonic() + SECONDS_TO_START
        while not _answers(self.address):
            if time.monotonic() > until or self.process.poll() is not None:
                raise runtime_executor.LambdaRuntimeException(self.get_logs())
            time.sleep(0.01)

    def stop(self) -> None:
        """End the emulator, and the function with it."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def get_address(self) -> str:
        return self.address

    def get_endpoint_from_executor(self) -> str:
        return LOCALHOST

    def get_runtime_endpoint(self) -> str:
        return f"http://{LOCALHOST}:{config.GATEWAY_LISTEN[0].port}"

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Give the function an event: its answer, or the exception that it raised."""
        before = self.output.stat().st_size
        answer = requests.post(
            f"http://{self.address}/2015-03-31/functions/function/invocations",
            data=payload["payload"].encode(),
            timeout=self.function_version.config.timeout + SECONDS_TO_START,
        )
        logs = self.output.read_bytes()[before:].decode(errors="replace")
        return InvocationResult(payload["invoke-id"], answer.content, _is_error(answer), logs)

    def get_logs(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Leave the code: it goes with the account's folder."""


def _is_error(answer: requests.Response) -> bool:
    try:
        value = answer.json()
    except json.JSONDecodeError:
        return True  # the emulator's own words: the function took too long, or ended
    return not answer.ok or (isinstance(value, dict) and value.keys() >= ERROR)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0

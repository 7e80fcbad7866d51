"""An AWS account on this machine, and the macro deployed in it as users deploy it.

Not collected unless asked for (``make e2e``): it needs localstack, and minutes.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from emulation.building import ROOT, install_sam, make, outer_environment
from emulation.lambda_runtime import free_address, running, runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Sam = Callable[..., subprocess.CompletedProcess[str]]

ACCOUNT, REGION = "123456789012", "eu-west-1"
LOCALSTACK = ROOT / ".venv-localstack"
# Enough of the project to build and deploy it, so that nobody's own .aws-sam is in the way.
PROJECT = (
    *("template.yaml", "samconfig.toml", "Makefile", "pyproject.toml", "README.md", "LICENSE"),
    *("src", "tools", "examples"),
)
MACHINES = {"x86_64": "x86_64", "aarch64": "arm64"}
SAW = pytest.StashKey[list[str]]()
LOG = pytest.StashKey[Path]()
LINES_OF_LOG = 60
SECONDS_TO_START = SECONDS_TO_RUN = 120


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SAW] = []


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    if config.stash[SAW]:
        terminalreporter.section("what happened in the account")
    for line in config.stash[SAW]:
        terminalreporter.write_line(line)
    log = config.stash.get(LOG, None)
    if exitstatus and log and log.exists():
        terminalreporter.section("the end of the account's log")
        for line in log.read_text(errors="replace").splitlines()[-LINES_OF_LOG:]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def saw(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Write down for whoever runs this what was seen."""
    return pytestconfig.stash[SAW].append


@dataclass(frozen=True)
class Account:
    """The account that all of this happens in, and its neighbours on the same address."""

    address: str
    environment: dict[str, str]
    record: Path

    def calls(self, role: str) -> list[str]:
        """What was called under a role, as the actions that IAM has for it."""
        calls = [json.loads(line) for line in self.record.read_text().splitlines()]
        return [call["action"] for call in calls if call["role"] == role]

    def client(self, service: str, account: str = ACCOUNT) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://{self.address}",
            # localstack takes a key id of twelve digits for the account.
            aws_access_key_id=account,
            aws_secret_access_key="secret",  # noqa: S106 - nobody's
        )


@pytest.fixture(scope="session")
def sam_environment() -> Path:
    return install_sam()


@pytest.fixture(scope="session")
def account(
    sam_environment: Path, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Account]:
    """localstack with its replacements, for as long as the tests run; nothing of it stays."""
    assert sys.platform == "linux", "the Lambda runtime interface emulator is a program for Linux"
    make("localstack")
    home, address = tmp_path_factory.mktemp("account"), free_address()
    name = f"aws-lambda-rie-{MACHINES[platform.machine()]}"
    [emulator] = sam_environment.glob(f"lib/python*/site-packages/samcli/local/rapid/{name}")
    environment = {
        "PATH": os.defpath,
        "NO_PROXY": "127.0.0.1",
        # Everything localstack writes is below these.
        "FILESYSTEM_ROOT": str(home / "files"),
        "HOME": str(home),
        "TMPDIR": str(home),
        "GATEWAY_LISTEN": address,
        "LOCALSTACK_HOST": address,
        "SQS_ENDPOINT_STRATEGY": "path",
        # It would serve names, tell its makers that it runs, fetch a certificate, and guess that it is in a container.
        "DNS_ADDRESS": "0",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "OVERRIDE_IN_DOCKER": "0",
        "E2E_PARENT": str(os.getpid()),
        "E2E_EMULATOR": str(emulator),
        "E2E_PYTHON": sys.executable,
        "E2E_RUNTIME": str(runtime(home / "runtime")),
        "E2E_CALLS": str(home / "calls"),
    }
    command = [str(LOCALSTACK / "bin" / "python"), str(Path(__file__).parent / "account")]
    pytestconfig.stash[LOG] = home / "log"
    with running(command, environment, home / "log"):
        wait_until_ready(address)
        yield Account(
            address,
            {
                "AWS_ACCESS_KEY_ID": ACCOUNT,
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ENDPOINT_URL": f"http://{address}",
                "AWS_CONFIG_FILE": str(home / "config"),
                "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
                "AWS_EC2_METADATA_DISABLED": "true",
                "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1",
            },
            home / "calls",
        )


def wait_until_ready(address: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            direct.open(f"http://{address}/_localstack/health", timeout=5).close()
        except OSError:
            assert time.monotonic() < until, "localstack does not start"
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="session")
def sam(
    account: Account, sam_environment: Path, tmp_path_factory: pytest.TempPathFactory, saw: Callable[[str], None]
) -> Sam:
    """Run ``sam`` in a copy of the project."""
    home, project = tmp_path_factory.mktemp("sam"), tmp_path_factory.mktemp("project")
    for name in PROJECT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, project / name)
    tags = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
    environment = {
        **{name: value for name, value in outer_environment().items() if not name.startswith("AWS_")},
        **account.environment,
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(home),
        "SAM_CLI_POLL_DELAY": "0.5",
        # The bundle is for the machine and the Python that functions run on here.
        "PYTHON": sys.executable,
        "BUNDLE_PLATFORM": " ".join(f"{tag}_{platform.machine()}" for tag in tags),
        "BUNDLE_PYTHON": f"{sys.version_info.major}.{sys.version_info.minor}",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        started = time.monotonic()
        done = subprocess.run(
            [str(sam_environment / "bin" / "sam"), *arguments],
            cwd=project,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
        )
        words = " ".join(Path(word).name if word.startswith("/") else word for word in arguments)
        saw(f"$ sam {words}  [exit code {done.returncode}, {time.monotonic() - started:.0f} s]")
        return done

    return run


@dataclass(frozen=True)
class Stack:
    """A stack that is deployed."""

    name: str
    account: Account
    saw: Callable[[str], None]

    def description(self) -> Any:
        [stack] = self.account.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return stack

    def resources(self) -> dict[str, str]:
        """The physical id of each logical one."""
        answer = self.account.client("cloudformation").describe_stack_resources(StackName=self.name)
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in answer["StackResources"]}

    def role(self, machine: str) -> Any:
        """The role of a machine, as IAM has it, once it is seen that it is the one that the macro made."""
        resources = self.resources()
        described = self.account.client("stepfunctions").describe_state_machine(stateMachineArn=resources[machine])
        name = described["roleArn"].rpartition("/")[2]
        assert name == resources[f"{machine}Role"]
        return self.account.client("iam").get_role(RoleName=name)["Role"]

    def granted(self, machine: str) -> set[tuple[str, str]]:
        """The pairs of action and resource that a machine's role allows, the stack's own names made logical again."""
        pairs = {(action, self._logical(arn)) for action, arn in self._allowed(machine)}
        for action, arn in sorted(pairs):
            self.saw(f"    {machine} may {action} on {arn}")
        return pairs

    def _allowed(self, machine: str) -> set[tuple[str, str]]:
        iam, name = self.account.client("iam"), self.role(machine)["RoleName"]
        return {
            (action, arn)
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
            for action in _listed(statement["Action"])
            for arn in _listed(statement["Resource"])
        }

    def _logical(self, arn: str) -> str:
        names = {re.split("[:/]", physical)[-1]: logical for logical, physical in self.resources().items()}
        for name in sorted(names, key=len, reverse=True):
            # The name of an alias is its own, and no name that the stack made up.
            if len(name) > len(names[name]):
                arn = arn.replace(name, f"<{names[name]}>")
        return arn

    def run(self, machine: str, given: Any, answer: Callable[[Any], None] | None = None) -> list[str]:
        """Run a machine until it succeeds; the names of the states it entered. ``answer`` is given each task token.

        What it called, it called under the role that the macro made, and by actions that this role allows.
        """
        role = self.role(machine)["RoleName"]
        before = len(self.account.calls(role))
        client = self.account.client("stepfunctions")
        arn = client.start_execution(stateMachineArn=self.resources()[machine], input=json.dumps(given))["executionArn"]
        answered: set[int] = set()
        until = time.monotonic() + SECONDS_TO_RUN
        while (execution := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < until, f"{machine} still runs"
            for event in client.get_execution_history(executionArn=arn)["events"]:
                if answer and event["type"] == "TaskScheduled" and event["id"] not in answered:
                    answered.add(event["id"])
                    parameters = json.loads(event["taskScheduledEventDetails"]["parameters"])
                    if token := (parameters.get("Payload") or {}).get("token"):
                        answer(token)
            time.sleep(0.2)
        events = client.get_execution_history(executionArn=arn)["events"]
        assert execution["status"] == "SUCCEEDED", json.dumps(events[-3:], default=str)
        states = [each["stateEnteredEventDetails"]["name"] for each in events if "stateEnteredEventDetails" in each]
        called = set(self.account.calls(role)[before:])
        self.saw(f"    {machine} ran {', '.join(states)} and called {', '.join(sorted(called))}")
        assert called
        assert called <= {action for action, _ in self._allowed(machine)}
        return states


def _listed(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def macro(sam: Sam, account: Account, saw: Callable[[str], None]) -> Stack:
    """The macro, built and deployed with the two commands of the README."""
    for arguments in (("build",), ("deploy", "--no-confirm-changeset", "--no-progressbar")):
        done = sam(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return Stack("sfn-least-privilege", account, saw)


@pytest.fixture(scope="session")
def deploy(sam: Sam, macro: Stack, account: Account, saw: Callable[[str], None]) -> Callable[[Path | str, str], Stack]:
    """Deploy a template that uses the macro, as a user does."""
    assert macro.resources()

    def run(template: Path | str, stack: str) -> Stack:
        done = try_to_deploy(sam, template, stack)
        assert done.returncode == 0, done.stdout + done.stderr
        return Stack(stack, account, saw)

    return run


@pytest.fixture(scope="session")
def refused(sam: Sam, macro: Stack) -> Callable[[Path | str, str], str]:
    """Deploy a template that cannot be deployed: what the user is shown."""
    assert macro.resources()

    def run(template: Path | str, stack: str) -> str:
        done = try_to_deploy(sam, template, stack)
        assert done.returncode != 0, done.stdout
        return done.stderr

    return run


def try_to_deploy(sam: Sam, template: Path | str, stack: str) -> subprocess.CompletedProcess[str]:
    return sam(
        *("deploy", "--template-file", str(template), "--stack-name", stack, "--resolve-s3", "--no-progressbar"),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
    )

"""The pages on organisations, followed to the letter: every command runs, in order, in an emulated organisation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import package_bundle
import pytest
import yaml
from botocore.exceptions import ClientError, WaiterError
from botocore.stub import Stubber
from emulation.aws_cli import Command, UsageError, parse

from sfn_least_privilege.handler import s3_definitions
from sfn_least_privilege.policy.template.definitions import S3Object

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulation.organisation import Organisation

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.name for path in (ROOT / "docs").glob("organisation*.md"))
REGIONS = ("eu-west-1", "us-east-1")
TEAMS = ("orders", "people")

AWS = f"""#!{sys.executable} -SE
import http.client, json, os, sys
connection = http.client.HTTPConnection(os.environ["EMULATION"])
connection.request("POST", "/", json.dumps(sys.argv[1:]))
answer = json.load(connection.getresponse())
sys.stdout.write(answer["output"])
sys.stderr.write(answer["error"])
sys.exit(1 if answer["error"] else 0)
"""
# What stands in for building a version: the pages do no more with git and make than this.
GIT = """#!/bin/sh
test "$1" = checkout && printf %s "${2#v}" > version
"""
MAKE = """#!/bin/sh
test "$1" = package && mkdir -p .bundle/package &&
cp "packages/$(cat version).zip" ".bundle/package/sfn-least-privilege-$(cat version).zip" &&
cp "packages/$(cat version).hash" ".bundle/package/sfn-least-privilege-$(cat version).zip.code-sha256"
"""


def shell(page: str) -> str:
    """The page's commands, and after those of each section a word to whoever listens; ``page#section`` stops before."""
    page, _, end = page.partition("#")
    parts: list[str] = []
    for section in re.split(r"^## ", (ROOT / "docs" / page).read_text(), flags=re.MULTILINE):
        if end and section.startswith(end):
            break
        blocks = re.findall(r"^```sh\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
        parts += [*blocks, f"aws reached '{page}: {section.splitlines()[0]}'\n"]
    return "".join(parts)


@dataclass
class Emulated:
    """An AWS command line in an emulated organisation."""

    org: Organisation
    folder: Path
    reached: dict[str, Callable[[], None]]
    profiles: dict[str, str] = field(default_factory=lambda: {"tooling": "tooling", "pilot": "pilot"})
    sections: list[str] = field(default_factory=list)

    def run(self, words: list[str]) -> str:
        if words[0] == "reached":
            self.sections.append(words[1])
            self.reached.get(words[1], lambda: None)()
            return ""
        command = parse(words, self.folder)
        stand_in = STAND_INS.get(command.action)
        answer = stand_in(self, command) if stand_in else self.call(command)
        shown = command.show(answer)
        return f"{shown}\n" if shown else ""

    def account(self, command: Command) -> str:
        profile = command.settings.get("profile")
        return self.profiles[profile] if profile else "management"

    def call(self, command: Command) -> Any:
        client = self.org.client(command.service, self.account(command), command.settings.get("region", "eu-west-1"))
        if command.waits:
            return client.get_waiter(command.action).wait(**command.arguments)
        return getattr(client, command.action)(**command.arguments)


def change_set(emulated: Emulated, command: Command) -> None:
    """CloudFormation calls the macro that the template names: it must be there, and let itself be called."""
    macro = yaml.load(command.arguments["TemplateBody"], Loader=yaml.BaseLoader)["Transform"]  # noqa: S506 - only strings
    emulated.org.function_of(emulated.account(command), command.settings["region"], macro)


def delete_instances(emulated: Emulated, command: Command) -> Any:
    """The emulation deletes the instances of accounts, not of units."""
    arguments = dict(command.arguments)
    if "DeploymentTargets" not in arguments:
        return emulated.call(command)
    units = arguments.pop("DeploymentTargets")["OrganizationalUnitIds"]
    organizations = emulated.org.client("organizations")
    accounts = [
        child["Id"]
        for unit in units
        for child in organizations.list_children(ParentId=unit, ChildType="ACCOUNT")["Children"]
    ]
    client = emulated.org.client("cloudformation")
    return client.delete_stack_instances(**arguments, Accounts=accounts)


def nothing(emulated: Emulated, command: Command) -> None:
    """The emulation has no such thing, so that only the command's form is checked."""
    del emulated, command


STAND_INS: dict[str, Callable[[Emulated, Command], Any]] = {
    "activate_organizations_access": nothing,
    "create_change_set": change_set,
    "change_set_create_complete": nothing,
    "get_template": nothing,
    "delete_stack_instances": delete_instances,
}


@pytest.fixture
def follow(org: Organisation, small_package: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """Follow pages with bash; what sections were gone through."""
    for name in ("org", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    programs, packages = tmp_path / "programs", tmp_path / "packages"
    programs.mkdir()
    packages.mkdir()
    shutil.copy(small_package, packages / "0.1.0.zip")
    shutil.copy(small_package, packages / "0.2.0.zip")
    with zipfile.ZipFile(packages / "0.2.0.zip", "a") as archive:
        archive.writestr("news.txt", "another version")
    for packed in packages.glob("*.zip"):
        packed.with_suffix(".hash").write_text(package_bundle.code_sha256(packed))
    for name, program in (("aws", AWS), ("git", GIT), ("make", MAKE)):
        (programs / name).write_text(program)
        (programs / name).chmod(0o755)

    def run(*pages: str, reached: dict[str, Callable[[], None]], instead: tuple[str, str] = ("", "")) -> list[str]:
        emulated = Emulated(org, tmp_path, reached)
        errors: list[BaseException] = []
        with serving(emulated, errors) as address:
            yours = {
                "ou-a1b2-c3d4e5f6": org.units["pilot"],
                "ou-a1b2-f6e5d4c3": org.units["teams"],
                "111122223333": org.accounts["tooling"],
            }
            script = "set -eu\n" + "".join(map(shell, pages))
            assert instead[0] in script
            script = script.replace(*instead) if instead[0] else script
            for example, actual in yours.items():
                script = script.replace(example, actual)
            done = subprocess.run(
                ["bash", "-c", script],  # noqa: S607 - bash is where the PATH says
                cwd=tmp_path,
                env={"PATH": f"{programs}:/usr/bin:/bin", "EMULATION": address, "PAUSE": "0"},
                capture_output=True,
                check=False,
                text=True,
            )
        if errors:
            raise errors[0]
        assert done.returncode == 0, done.stdout + done.stderr
        return emulated.sections

    return run


class serving:  # noqa: N801 - a context manager
    """Answers the stand-in for the AWS command line."""

    def __init__(self, emulated: Emulated, errors: list[BaseException]) -> None:
        class Calls(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                words = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    answer = {"output": emulated.run(words), "error": ""}
                except (ClientError, WaiterError, UsageError) as error:
                    answer = {"output": "", "error": f"{error}\n"}
                except BaseException as error:  # noqa: BLE001 - the test raises it
                    errors.append(error)
                    answer = {"output": "", "error": f"{error}\n"}
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Calls)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def reach(org: Organisation, account: str, macro: str = "SfnLeastPrivilege") -> bool:
    """Whether templates of an account can name the macro, in every region."""
    registered = [macro in org.macros.get((org.accounts[account], region), {}) for region in REGIONS]
    assert len(set(registered)) == 1
    if registered[0]:
        for region in REGIONS:
            org.function_of(account, region, macro)
    return registered[0]


def hashes(org: Organisation, macro: str = "SfnLeastPrivilege") -> set[str]:
    return {org.function_of(account, region, macro).sha256 for account in TEAMS for region in REGIONS}


def variables(org: Organisation, name: str) -> set[str]:
    return {
        org.function_of(account, region, "SfnLeastPrivilege").variables[name] for account in TEAMS for region in REGIONS
    }


def nothing_is_left(org: Organisation) -> None:
    assert not any(org.macros.values())
    for account in org.accounts:
        for region in REGIONS:
            assert not org.client("lambda", account, region).list_functions()["Functions"]
            assert not org.client("cloudformation", account, region).describe_stacks()["Stacks"]
        assert not org.client("s3", account).list_buckets()["Buckets"]
    sets = org.client("cloudformation").list_stack_sets()["Summaries"]
    assert {each["Status"] for each in sets} <= {"DELETED"}


def test_every_page_is_followed() -> None:
    assert PAGES == [
        "organisation-artifacts.md",
        "organisation-central.md",
        "organisation-guard-rails.md",
        "organisation-per-account.md",
        "organisation.md",
    ]
    assert "```sh" not in (ROOT / "docs" / "organisation-artifacts.md").read_text()


def other_stack_sets() -> tuple[str, str]:
    """The commands that choose one kind of stack set, and those that stand in their place for the other."""
    page = (ROOT / "docs" / "organisation.md").read_text()
    [usual] = re.findall(r"^```sh\n(MODEL=.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    [other] = re.findall(r"^```bash\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return usual, other


@pytest.mark.parametrize("instead", [("", ""), other_stack_sets()], ids=["service-managed", "self-managed"])
def test_a_function_in_every_account(
    org: Organisation, follow: Callable[..., list[str]], instead: tuple[str, str]
) -> None:
    page = "organisation-per-account.md"
    seen: dict[str, set[str]] = {}

    def pilot() -> None:
        assert [reach(org, account) for account in ("pilot", "orders", "people")] == [True, False, False]

    def everybody() -> None:
        assert [reach(org, account) for account in ("pilot", "orders", "people")] == [True, True, True]
        seen["first"] = hashes(org)

    def upgraded() -> None:
        assert reach(org, "pilot", "SfnLeastPrivilegeCanary")
        assert not reach(org, "orders", "SfnLeastPrivilegeCanary")
        assert len(hashes(org) | seen["first"]) == 2
        seen["second"] = hashes(org)

    def back() -> None:
        assert hashes(org) == seen["first"]

    follow(
        "organisation.md",
        page,
        reached={
            f"{page}: Roll out to the pilot": pilot,
            f"{page}: Roll out to everybody": everybody,
            f"{page}: Upgrade": upgraded,
            f"{page}: Roll back": back,
        },
        instead=instead,
    )

    assert seen["second"]
    nothing_is_left(org)


def test_one_function_for_all(org: Organisation, follow: Callable[..., list[str]]) -> None:
    page = "organisation-central.md"
    seen: dict[str, set[str]] = {}

    def pilot() -> None:
        assert [reach(org, account) for account in ("tooling", "pilot", "orders")] == [True, True, False]

    def everybody() -> None:
        assert [reach(org, account) for account in ("pilot", "orders", "people")] == [True, True, True]
        seen["first"] = hashes(org)

    def upgraded() -> None:
        assert reach(org, "pilot", "SfnLeastPrivilegeCanary")
        assert not reach(org, "orders", "SfnLeastPrivilegeCanary")
        assert len(hashes(org) | seen["first"]) == 2
        seen["second"] = hashes(org)

    def back() -> None:
        assert hashes(org) == seen["first"]

    follow(
        "organisation.md",
        page,
        reached={
            f"{page}: Register it for the pilot": pilot,
            f"{page}: Register it for everybody": everybody,
            f"{page}: Upgrade": upgraded,
            f"{page}: Roll back": back,
        },
    )

    assert seen["second"]
    nothing_is_left(org)


def test_guard_rails(org: Organisation, follow: Callable[..., list[str]]) -> None:
    page = "organisation-guard-rails.md"

    def bounded() -> None:
        boundaries = {f"arn:aws:iam::{org.accounts[account]}:policy/boundaries/WorkflowBoundary" for account in TEAMS}
        assert variables(org, "OPTION_PERMISSIONS_BOUNDARY") == boundaries
        assert variables(org, "LOCKED_OPTIONS") == {
            "OnWildcard,OnUnknown,PermissionsBoundary,RolePath,ManagedPolicyArns,AdditionalStatements"
        }
        for account in TEAMS:
            [policy] = org.client("iam", account).list_policies(Scope="Local")["Policies"]
            assert policy["Arn"] in boundaries

    def controlled() -> None:
        policies = org.client("organizations").list_policies_for_target(
            TargetId=org.units["pilot"], Filter="SERVICE_CONTROL_POLICY"
        )["Policies"]
        assert "workflow-roles" in {policy["Name"] for policy in policies}

    def unbounded() -> None:
        assert variables(org, "OPTION_PERMISSIONS_BOUNDARY") == {""}
        sets = org.client("cloudformation").list_stack_sets()["Summaries"]
        assert ("workflow-boundary", "DELETED") in {(each["StackSetName"], each["Status"]) for each in sets}

    sections = follow(
        "organisation.md",
        "organisation-per-account.md#What a caller needs",
        page,
        reached={
            f"{page}: 2. A boundary": bounded,
            f"{page}: 3. Service control policies": controlled,
            f"{page}: And back": unbounded,
        },
    )

    assert f"{page}: And back" in sections


def test_the_message_on_the_page_is_the_one_that_the_function_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "organisation-artifacts.md").read_text()
    [shown] = re.findall(r"^```text\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    location = S3Object("team-artifacts", "orders.asl.json")
    client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")  # noqa: S106 - no secret
    monkeypatch.setattr(s3_definitions, "s3_client", lambda _: client)
    monkeypatch.setenv("FUNCTION_ROLE_ARN", "arn:aws:iam::111122223333:role/macro-function-role")

    with Stubber(client) as stubber:
        stubber.add_client_error("get_object", "AccessDenied", "Access Denied")
        message = s3_definitions.S3Definitions("eu-west-1").fetch([location])[location]

    assert str(message) == " ".join(shown.split())


def test_the_statements_on_the_page_are_those_of_the_files() -> None:
    page = (ROOT / "docs" / "organisation-artifacts.md").read_text()
    shown = re.findall(r"^```json\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    published = [
        json.loads((ROOT / "org" / "policies" / name).read_text())["Statement"][0]
        for name in ("artifact-bucket.json", "artifact-key.json")
    ]

    assert [json.loads(statement) for statement in shown] == [
        {name: value for name, value in statement.items() if name != "Sid"} for statement in published
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_project_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https://)([^)#]+)[^)]*\)", (ROOT / "docs" / page).read_text()):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["cloudformation", "create-stack-sets"], "has no create-stack-sets"),
        (["cloudformation", "create-stack-set", "--name", "x"], "has no --name"),
        (["cloudformation", "create-stack-set"], "needs StackSetName"),
        (["cloudformation", "create-stack-set", "--stack-set-name", "x", "--tags", "Name=a"], "has no Name"),
        (["cloudformation", "create-stack-set", "--stack-set-name", "x", "--permission-model", "MINE"], "MINE is none"),
    ],
)
def test_a_command_that_aws_does_not_have_is_noticed(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse(words, ROOT)

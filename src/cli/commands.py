"""What the commands do once their arguments are read."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sfn_least_privilege.cli import macro_entry
from sfn_least_privilege.cli.documents import decode, read_document, rewrite
from sfn_least_privilege.cli.errors import InputError, UsageError
from sfn_least_privilege.cli.files import LocalFiles
from sfn_least_privilege.cli.output import write_atomically
from sfn_least_privilege.cli.parameters import parameter_values, parse_assignments
from sfn_least_privilege.cli.report import count, printable, report
from sfn_least_privilege.policy import pipeline
from sfn_least_privilege.policy.deployment import literal_deployment, partition_of
from sfn_least_privilege.policy.errors import SfnLeastPrivilegeError, TransformFailedError
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding
from sfn_least_privilege.policy.options.layers import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_least_privilege.cli.source import Origin
    from sfn_least_privilege.policy.findings import Finding

_STANDARD_STREAM = "-"
_ROLES_NAMED = 5  # in the summary, which is one line

UNRESOLVED_OPTION = Rule(
    "SLP601",
    Severity.WARNING,
    "option without a value",
    "the option {option} refers to something that has no value here, so it is not applied",
    "Give the parameter it refers to with --parameter, and the region and the account with --region and --account-id.",
)
WRITTEN_ANEW = Rule(
    "SLP602",
    Severity.WARNING,
    "template written anew",
    "the template is laid out in a way that cannot be edited in place: it was written anew, without its comments",
    "Aliases, merge keys and explicit keys (?) around a state machine cause this; write them out to keep comments.",
)


def run_transform(
    template: Path,
    output: Path | None,
    parameters: Sequence[str],
    options: Sequence[str],
    deployment: tuple[str | None, str | None],
) -> None:
    """Process one template; the arguments are those of the command ``transform``, region and account in one."""
    region, account_id = deployment
    with _failures():
        document = read_document(_read(template))
        value = document.value
        if not isinstance(value, dict):
            message = (
                f"{document.source.origin.name}: a template is an object with Resources, and this is {_kind(value)}"
            )
            raise InputError(message)
        values = parameter_values(value, parse_assignments(parameters))
        parts = macro_entry.split(value, {**values, **_pseudo_parameters(region, account_id)})
        folder = Path() if str(template) == _STANDARD_STREAM else template.parent
        wanted = parse_assignments(options, "--option")
        # Who runs the command stands where the organisation stands: the template can tighten what it wants.
        organisation = Organisation(wanted, frozenset(wanted))
        request = pipeline.Request(LocalFiles(folder), region, account_id, values, parts.options, organisation)
        outcome = pipeline.transform(parts.fragment, request)
        rewritten = rewrite(document, macro_entry.join(value, outcome.fragment, parts.others))
        _write(output, rewritten.text)
    own = [finding(UNRESOLVED_OPTION, Location(), option=option) for option in parts.unresolved]
    if not rewritten.edited:
        own.append(finding(WRITTEN_ANEW, Location()))
    report((*own, *outcome.findings), _summary(outcome))


def run_policy(
    definition: Path,
    region: str | None,
    account_id: str | None,
    partition: str | None,
    name: str | None,
) -> None:
    """Print one definition's policy; the arguments are those of the command ``policy``."""
    with _failures():
        deployment = literal_deployment(partition, region, account_id)
        outcome = pipeline.policy_for(_read(definition).text, deployment, name)
        if outcome.document is not None:
            _write(None, json.dumps(outcome.document, indent=2, ensure_ascii=False) + "\n")
    nothing = "the definition calls nothing, so its role needs no policy" if outcome.document is None else ""
    report(outcome.findings, nothing)


def _read(path: Path) -> Origin:
    if str(path) == _STANDARD_STREAM:
        return decode("standard input", sys.stdin.buffer.read())
    try:
        return decode(str(path), path.read_bytes())
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise InputError(message) from error


def _write(output: Path | None, text: str) -> None:
    if output is not None and str(output) != _STANDARD_STREAM:
        write_atomically(output, text)
        return
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # click ends quietly: whoever reads has seen enough
    except OSError as error:
        _give_up_stdout()
        message = f"standard output cannot be written: {error.strerror or error}"
        raise InputError(message) from error


def _give_up_stdout() -> None:
    """Let what is left unwritten go nowhere; Python would try again at its end, and complain again."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _pseudo_parameters(region: str | None, account_id: str | None) -> Mapping[str, str]:
    known = {
        "AWS::Region": region,
        "AWS::AccountId": account_id,
        "AWS::Partition": partition_of(region) if region else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _kind(value: Any) -> str:
    names: dict[type, str] = {list: "a list", str: "text", type(None): "empty"}
    return names.get(type(value), "a single value")


def _summary(outcome: pipeline.Outcome) -> str:
    machines = count(outcome.machines, "state machine")
    if not outcome.roles:
        return f"{machines}, no role made"
    roles = [f"{role} for {machine}" for machine, role in outcome.roles.items()]
    more = [f"{len(roles) - _ROLES_NAMED} more"] if len(roles) > _ROLES_NAMED else []
    return f"{machines}, {count(len(roles), 'role')} made ({', '.join((*roles[:_ROLES_NAMED], *more))})"


@contextmanager
def _failures() -> Iterator[None]:
    """Turn every expected failure into a message and an exit code."""
    try:
        yield
    except UsageError as error:
        raise click.UsageError(printable(str(error)), click.get_current_context()) from error
    except TransformFailedError as error:
        _fail(error.findings, f"failed: {count(len(error.findings), 'error')}")
    except SfnLeastPrivilegeError as error:
        _fail((), f"Error: {error}")


def _fail(findings: Sequence[Finding], message: str) -> NoReturn:
    report(findings, message)
    sys.exit(1)

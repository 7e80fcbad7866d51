"""The command ``sfn-least-privilege``.

What a command needs is imported when it runs, so that ``--help`` and shell completion answer at once.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfn_least_privilege import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

_INPUT = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)

# A line with only \b keeps click from re-wrapping the paragraph below it.
_HELP = """\
Give every Step Functions state machine a least-privilege role.

\b
Examples:
  sfn-least-privilege transform template.yaml -o processed.yaml
  sfn-least-privilege transform template.yaml --parameter Stage=prod | less
  sfn-least-privilege policy order.asl.json --region eu-west-1 --account-id 123456789012
"""

_TRANSFORM_HELP = """\
Print TEMPLATE with a role for each state machine that has none.

TEMPLATE is a CloudFormation or SAM template, YAML or JSON, or - for standard input. Definitions that it names by
DefinitionUri are read relative to it. Everything else in it comes back as it was, comments included, and its
Transform section no longer names this macro. Findings go to standard error.

\b
Examples:
  sfn-least-privilege transform template.yaml -o processed.yaml
  sfn-least-privilege transform template.yaml --parameter Stage=prod --parameter Table=orders
  sfn-least-privilege transform template.yaml --option OnWildcard=Fail -o processed.yaml
  sfn-least-privilege transform - < template.json > processed.json
"""

_POLICY_HELP = """\
Print the IAM policy that a state machine's DEFINITION needs.

DEFINITION is a file in Amazon States Language, JSON or YAML, or - for standard input. Parts of ARNs that are not
known become *, with a finding on standard error that says why.

\b
Examples:
  sfn-least-privilege policy order.asl.json --region eu-west-1 --account-id 123456789012
  sfn-least-privilege policy - --name Order < order.asl.yaml > policy.json
"""

_EXIT_CODES = "Exit code: 0 done, 1 failed, 2 wrong usage. Warnings and information do not change it."


def _matching(pattern: str, example: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Check an option whose value ends up inside ARNs, so that nothing else gets in with it."""
    compiled = re.compile(pattern)

    def check(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and not compiled.fullmatch(value):
            message = f"{value!r} does not look like {example}"
            raise click.BadParameter(message, context, parameter)
        return value

    return check


_region = click.option(
    "--region",
    metavar="REGION",
    callback=_matching(r"[a-z]{2,8}(?:-[a-z]+)+-[0-9]{1,2}", "eu-west-1"),
    help="The region to be deployed to.",
)
_account_id = click.option(
    "--account-id",
    metavar="ACCOUNT",
    callback=_matching(r"[0-9]{12}", "123456789012"),
    help="The account to be deployed to.",
)


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EXIT_CODES)
@click.version_option(__version__, prog_name="sfn-least-privilege")
def main() -> None:
    """Give every Step Functions state machine a least-privilege role."""


@main.command(help=_TRANSFORM_HELP, epilog=_EXIT_CODES)
@click.argument("template", type=_INPUT)
@click.option("-o", "--output", type=_OUTPUT, help="Write the processed template to this file, whole or not at all.")
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a template parameter; repeat it for more. Defaults come from the template.",
)
@click.option(
    "--option",
    "options",
    metavar="NAME=VALUE",
    multiple=True,
    help="An option for all state machines, such as OnWildcard=Fail, which the template cannot loosen; repeatable.",
)
@_region
@_account_id
def transform(  # noqa: PLR0913, PLR0917 - click hands over one for each option, by name
    template: Path,
    output: Path | None,
    parameters: tuple[str, ...],
    options: tuple[str, ...],
    region: str | None,
    account_id: str | None,
) -> None:
    """Print TEMPLATE with a role for each state machine that has none."""
    from sfn_least_privilege.cli.commands import run_transform  # noqa: PLC0415 - see the module's docstring

    run_transform(template, output, parameters, options, (region, account_id))


@main.command(help=_POLICY_HELP, epilog=_EXIT_CODES)
@click.argument("definition", type=_INPUT)
@_region
@_account_id
@click.option(
    "--partition",
    metavar="PARTITION",
    callback=_matching(r"aws(?:-[a-z]+)*", "aws or aws-cn"),
    help="The partition to be deployed to. The region tells it otherwise.",
)
@click.option("--name", metavar="MACHINE", help="The state machine's name, for permissions on itself.")
def policy(
    definition: Path,
    region: str | None,
    account_id: str | None,
    partition: str | None,
    name: str | None,
) -> None:
    """Print the IAM policy that a state machine's DEFINITION needs."""
    from sfn_least_privilege.cli.commands import run_policy  # noqa: PLC0415 - see the module's docstring

    run_policy(definition, region, account_id, partition, name)

"""Write the templates in ``org/`` that share the macro across an organisation, from ``template.yaml``.

    python tools/build_org_templates.py [--output FOLDER]

They hold no ``Transform``, since stack sets with service-managed permissions refuse templates that have one: SAM's
transform is carried out here. Their code is an object in S3, by parameter.

- ``per-account.yaml``: the macro with a function of its own, for every account and region;
- ``central.yaml``: the same, whose function the whole organisation may use;
- ``member.yaml``: a macro that uses the function of another account.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import boto3
import yaml
from cfnlint import decode
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).parent.parent
FUNCTION = "SfnLeastPrivilegeFunction"
VERSION = f"{FUNCTION}Version"
SHARED = "IsShared"
ANY_REGION = "us-east-1"

HEADER = "# Written by `make org` from template.yaml: change that, not this.\n"

CODE_PARAMETERS: dict[str, dict[str, Any]] = {
    "CodeBucketPrefix": {
        "Type": "String",
        "AllowedPattern": "[a-z0-9][a-z0-9-]{1,44}",
        "ConstraintDescription": "The beginning of the name of a bucket, 45 characters at most.",
        "Description": (
            "The buckets with the function's code are called by this, a hyphen and their region: Lambda takes code "
            "only from a bucket in its own region."
        ),
    },
    "CodeKey": {
        "Type": "String",
        "AllowedPattern": r"[A-Za-z0-9!_.*'()/-]+\.zip",
        "ConstraintDescription": "The key of a zip file.",
        "Description": "The key of the package that `make package` made, such as sfn-least-privilege-0.1.0.zip.",
    },
    "CodeSha256": {
        "Type": "String",
        "AllowedPattern": "[A-Za-z0-9+/]{43}=",
        "ConstraintDescription": "A SHA-256 hash in base64, as `make package` prints it after CodeSha256.",
        "Description": "The hash of that package. No version of the function is published from anything else.",
    },
}


def main() -> None:
    """Write every template."""
    parser = argparse.ArgumentParser(description="Write the templates in org/ from template.yaml.")
    parser.add_argument("--output", type=Path, default=ROOT / "org")
    output = parser.parse_args().output
    for name, template in templates().items():
        (output / name).write_text(HEADER + yaml.dump(template, Dumper=_Dumper, sort_keys=False, width=120))


def templates() -> dict[str, dict[str, Any]]:
    """Every template by the name of its file."""
    source, errors = decode.decode(str(ROOT / "template.yaml"))
    if errors:
        raise ValueError(errors)
    plain = json.loads(json.dumps(source))
    return {
        "per-account.yaml": _per_account(expanded(plain)),
        "central.yaml": _central(expanded(plain)),
        "member.yaml": _member(plain),
    }


def expanded(source: dict[str, Any]) -> dict[str, Any]:
    """``template.yaml`` without SAM, its code taken from S3 by parameter."""
    template = json.loads(json.dumps(source))
    template["Resources"][FUNCTION]["Properties"]["CodeUri"] = {"Bucket": "later", "Key": "later"}
    template["Parameters"] = {**CODE_PARAMETERS, **template["Parameters"]}
    del template["Metadata"]["AWS::ServerlessRepo::Application"]
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    interface["ParameterGroups"].insert(0, {"Label": {"default": "Code"}, "Parameters": list(CODE_PARAMETERS)})
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=ANY_REGION))
    translated = translator.translate(template, {})
    # Not before: SAM puts the region that it runs in where a location of code names it.
    translated["Resources"][FUNCTION]["Properties"]["Code"] = {
        "S3Bucket": {"Fn::Sub": "${CodeBucketPrefix}-${AWS::Region}"},
        "S3Key": {"Ref": "CodeKey"},
    }
    return _published(translated)


def _published(template: dict[str, Any]) -> dict[str, Any]:
    """``template`` with a version that is published anew whenever the code or the function's properties change.

    SAM tells a new version by a hash in its logical id, which it takes when it expands the template. Here everything
    that can change afterwards is a parameter, and every property of a version that changes replaces it.
    """
    resources = template["Resources"]
    function = resources[FUNCTION]["Properties"]
    function["Tags"] = [tag for tag in function["Tags"] if tag["Key"] != "lambda:createdBy"]
    if not function["Tags"]:
        del function["Tags"]
    [hashed] = [name for name, body in resources.items() if body["Type"] == "AWS::Lambda::Version"]
    version = resources[hashed]["Properties"]
    _, values = version["Description"]["Fn::Join"]
    version["Description"] = {"Fn::Join": ["|", [digest(function), *values]]}
    version["CodeSha256"] = {"Ref": "CodeSha256"}
    renamed = {VERSION if name == hashed else name: body for name, body in _renamed(resources, hashed, VERSION).items()}
    # What the alias stood for before stays, to go back to.
    renamed[VERSION] |= {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Retain"}
    return {**template, "Resources": renamed}


def digest(properties: dict[str, Any]) -> str:
    """Eight characters that are others for other properties."""
    return hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).hexdigest()[:8]


def _renamed(node: Any, old: str, new: str) -> Any:
    if isinstance(node, dict):
        return {key: _renamed(value, old, new) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(item, old, new) for item in node]
    return new if node == old else node


def _per_account(template: dict[str, Any]) -> dict[str, Any]:
    settled = _settled(template, SHARED, holds=False)
    del settled["Parameters"]["OrganizationId"]
    # One in each of many accounts and regions costs more than it tells.
    settled["Parameters"]["Dashboard"]["Default"] = "No"
    return _without_group_member(
        settled | {"Description": "The CloudFormation macro SfnLeastPrivilege, with a function of its own."},
        "OrganizationId",
    )


def _central(template: dict[str, Any]) -> dict[str, Any]:
    settled = _settled(template, SHARED, holds=True)
    organization = settled["Parameters"]["OrganizationId"]
    del organization["Default"]
    organization["AllowedPattern"] = organization["AllowedPattern"].removeprefix("(").removesuffix(")?")
    organization["Description"] = "The organisation whose accounts may use this function for macros of their own."
    return settled | {
        "Description": "The CloudFormation macro SfnLeastPrivilege, with a function for the whole organisation."
    }


def _settled(template: dict[str, Any], condition: str, *, holds: bool) -> dict[str, Any]:
    """``template`` with ``condition`` known."""
    conditions = {name: body for name, body in template["Conditions"].items() if name != condition}
    resources = {
        name: {key: value for key, value in body.items() if (key, value) != ("Condition", condition)}
        for name, body in template["Resources"].items()
        if holds or body.get("Condition") != condition
    }
    settled: dict[str, Any] = _decided({**template, "Conditions": conditions, "Resources": resources}, condition, holds)
    return settled


def _decided(node: Any, condition: str, holds: bool) -> Any:  # noqa: FBT001 - it is the condition's value
    if isinstance(node, list):
        return [_decided(item, condition, holds) for item in node]
    if not isinstance(node, dict):
        return node
    choice = node.get("Fn::If")
    if choice and choice[0] == condition:
        return _decided(choice[1 if holds else 2], condition, holds)
    return {key: _decided(value, condition, holds) for key, value in node.items()}


def _without_group_member(template: dict[str, Any], parameter: str) -> dict[str, Any]:
    for group in template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]:
        group["Parameters"] = [name for name in group["Parameters"] if name != parameter]
    return template


def _member(source: dict[str, Any]) -> dict[str, Any]:
    parameters = source["Parameters"]
    return {
        "AWSTemplateFormatVersion": source["AWSTemplateFormatVersion"],
        "Description": "The CloudFormation macro SfnLeastPrivilege, with the function of another account.",
        "Parameters": {
            "MacroName": {
                **parameters["MacroName"],
                "Description": "What templates call the macro in their Transform section.",
            },
            "FunctionAccountId": {
                "Type": "String",
                "AllowedPattern": "[0-9]{12}",
                "ConstraintDescription": "The id of an account: twelve digits.",
                "Description": "The account in whose stack of central.yaml the function is, in this same region.",
            },
            "FunctionName": {
                **parameters["MacroName"],
                "Description": "The function's name, which is the MacroName of that stack.",
            },
        },
        "Resources": {
            "Macro": {
                "Type": "AWS::CloudFormation::Macro",
                "Properties": {
                    **source["Resources"]["Macro"]["Properties"],
                    "FunctionName": {
                        "Fn::Sub": (
                            "arn:${AWS::Partition}:lambda:${AWS::Region}:${FunctionAccountId}:function:${FunctionName}:"
                            + source["Resources"][FUNCTION]["Properties"]["AutoPublishAlias"]
                        )
                    },
                },
            }
        },
        "Outputs": {"MacroName": source["Outputs"]["MacroName"]},
    }


class _Dumper(yaml.SafeDumper):
    """YAML without anchors, which CloudFormation does not read, and with texts of several lines as such."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)

if __name__ == "__main__":
    main()

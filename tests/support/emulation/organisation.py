"""An organisation in moto: accounts that a test can act in, and the resource types that moto's CloudFormation lacks.

What stands in for AWS here is as small as it can be, and says where it rests on AWS's documentation.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.cloudformation import parsing
from moto.cloudformation.models import StackSet
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.s3.models import s3_backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pytest

MANAGEMENT = "123456789012"
Properties = dict[str, Any]


@dataclass(frozen=True)
class Function:
    """What a macro's function would run: the code of the version behind its alias, and that version's environment."""

    arn: str
    code: bytes
    sha256: str
    variables: Mapping[str, str]


@dataclass
class Organisation:
    """An organisation with a root, an organisational unit for pilots and one for teams."""

    id: str
    root: str
    units: dict[str, str]
    accounts: dict[str, str]
    macros: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, account: str = "management", region: str = "eu-west-1") -> Any:
        """A client that acts in one of the accounts, as an administrator."""
        key = (service, account, region)
        if key not in self.clients:
            self.clients[key] = self._client(*key)
        return self.clients[key]

    def _client(self, service: str, account: str, region: str) -> Any:
        role = f"arn:aws:iam::{self.accounts[account]}:role/administrator"
        credentials = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            region_name=region,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )

    def function_of(self, account: str, region: str, macro: str) -> Function:
        """The function that CloudFormation would call for a template of ``account`` that names ``macro``.

        A caller of another account than the function's needs the function's own policy to allow it:
        https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
        """
        arn = self.macros[self.accounts[account], region][macro]
        _, _, _, function_region, function_account, _, name, alias = arn.split(":")
        assert function_region == region, "a macro's function must be in the macro's region"
        backend = lambda_backends[function_account][function_region]
        version = backend.get_alias(alias, name).function_version
        function = backend.get_function(name, version)
        if function_account != self.accounts[account]:
            assert self._allows(backend.get_function(name).policy.statements, arn), "the function's policy forbids it"
        return Function(arn, function.code_bytes, function.code_sha_256, function.environment_vars)

    def _allows(self, statements: Sequence[Properties], arn: str) -> bool:
        return any(
            (statement["Effect"], statement["Action"], statement["Principal"], statement["Resource"])
            == ("Allow", "lambda:InvokeFunction", "*", arn)
            and statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": self.id}}
            for statement in statements
        )


@contextmanager
def organisation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisation]:
    """Found an organisation; moto must be active already."""
    organizations = boto3.client("organizations", region_name="us-east-1")
    identifier = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    units, accounts = {}, {"management": MANAGEMENT}
    for unit in ("pilot", "teams", "platform"):
        created = organizations.create_organizational_unit(ParentId=root, Name=unit)
        units[unit] = created["OrganizationalUnit"]["Id"]
    for name, unit in (("tooling", "platform"), ("pilot", "pilot"), ("orders", "teams"), ("people", "teams")):
        status = organizations.create_account(AccountName=name, Email=f"{name}@example.org")["CreateAccountStatus"]
        accounts[name] = status["AccountId"]
        organizations.move_account(AccountId=accounts[name], SourceParentId=root, DestinationParentId=units[unit])
    founded = Organisation(identifier, root, units, accounts)
    for model in _models(founded):
        monkeypatch.setitem(parsing.get_model_map(), model.cloudformation_type(), model)
    _update_stack_sets(monkeypatch)
    _forget_no_values(monkeypatch)
    yield founded


def _models(organisation: Organisation) -> list[type[_Resource]]:
    class Macro(_Resource):
        TYPE = "AWS::CloudFormation::Macro"

        def put(self, properties: Properties) -> None:
            macros = organisation.macros.setdefault((self.account, self.region), {})
            assert properties["Name"] not in macros, f"{properties['Name']} exists already"
            macros[properties["Name"]] = properties["FunctionName"]
            self.name = self.physical_resource_id = properties["Name"]

        def delete(self, account: str, region: str) -> None:
            del organisation.macros[account, region][self.name]

    return [Macro, Version, Alias, Permission, Alarm, BucketPolicy]


class _Resource(CloudFormationModel):
    """A resource that is updated by deleting and creating it."""

    TYPE = ""

    def __init__(self, account: str, region: str, properties: Properties) -> None:
        self.account, self.region = account, region
        self.physical_resource_id = ""
        self.put(properties)

    def put(self, properties: Properties) -> None:
        raise NotImplementedError

    def delete(self, account: str, region: str) -> None:
        """Delete nothing: it goes with what it belongs to."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def cloudformation_type(cls) -> str:  # type: ignore[override]  # moto's is static
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in {"Version", "FunctionArn"}

    @classmethod
    def create_from_cloudformation_json(
        cls, _name: str, cloudformation_json: Properties, account_id: str, region_name: str, **_: Any
    ) -> _Resource:
        return cls(account_id, region_name, cloudformation_json["Properties"])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: _Resource,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> _Resource:
        del new_resource_name
        original_resource.delete(account_id, region_name)
        return cls(account_id, region_name, cloudformation_json["Properties"])


class Version(_Resource):
    """Published only if the code is what CodeSha256 says.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
    """

    TYPE = "AWS::Lambda::Version"

    def put(self, properties: Properties) -> None:
        backend = lambda_backends[self.account][self.region]
        function = backend.get_function(properties["FunctionName"])
        expected = properties["CodeSha256"]
        assert function.code_sha_256 == expected, (
            f"CodeSha256 {expected} is not that of the code, {function.code_sha_256}"
        )
        # moto takes only code for a change, Lambda the configuration as well.
        function.code_or_config_updated = True
        self.version = str(backend.publish_version(function.function_name, properties["Description"]).version)
        self.physical_resource_id = f"{function.function_arn}:{self.version}"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return {"Version": self.version}[attribute_name]

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: _Resource,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> _Resource:
        """Publish the next version, keep this one, and hand its aliases on, as a change of what they refer to does."""
        del new_resource_name
        version = cls(account_id, region_name, cloudformation_json["Properties"])
        backend = lambda_backends[account_id][region_name]
        for alias in backend.list_aliases(cloudformation_json["Properties"]["FunctionName"]):
            if alias.function_version == original_resource.get_cfn_attribute("Version"):
                alias.update(None, version.version, None)
        return version


class Alias(_Resource):
    TYPE = "AWS::Lambda::Alias"

    def put(self, properties: Properties) -> None:
        self.function, self.name = properties["FunctionName"], properties["Name"]
        backend = lambda_backends[self.account][self.region]
        alias = backend.create_alias(self.name, self.function, properties["FunctionVersion"], "", "")
        self.physical_resource_id = alias.arn

    def delete(self, account: str, region: str) -> None:
        # moto deletes in any order: the function may have gone, and its aliases with it.
        with suppress(UnknownFunctionException):
            lambda_backends[account][region].delete_alias(self.name, self.function)


class Permission(_Resource):
    TYPE = "AWS::Lambda::Permission"

    def put(self, properties: Properties) -> None:
        *_, name, alias = properties["FunctionName"].split(":")
        backend = lambda_backends[self.account][self.region]
        statement = {name: value for name, value in properties.items() if name != "FunctionName"}
        backend.add_permission(name, alias, json.dumps(statement))


class Alarm(_Resource):
    TYPE = "AWS::CloudWatch::Alarm"

    def put(self, properties: Properties) -> None:
        name = self.name = properties["AlarmDescription"]
        cloudwatch_backends[self.account][self.region].put_metric_alarm(
            name,
            properties["Namespace"],
            properties["MetricName"],
            properties["ComparisonOperator"],
            properties["EvaluationPeriods"],
            properties["Period"],
            properties["Threshold"],
            properties.get("Statistic"),
            properties["AlarmDescription"],
            properties["Dimensions"],
            properties["AlarmActions"],
            extended_statistic=properties.get("ExtendedStatistic"),
        )

    def delete(self, account: str, region: str) -> None:
        cloudwatch_backends[account][region].delete_alarms([self.name])


class BucketPolicy(_Resource):
    """Without what it denies: moto would deny it whatever the statement's condition says."""

    TYPE = "AWS::S3::BucketPolicy"

    def put(self, properties: Properties) -> None:
        statements = [each for each in properties["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
        document = json.dumps({**properties["PolicyDocument"], "Statement": statements}).encode()
        s3_backends[self.account]["aws"].put_bucket_policy(properties["Bucket"], document)


def _update_stack_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make an update of a stack set reach its stacks, which moto leaves as they are."""
    update = StackSet.update

    def rewritten(self: StackSet, **changes: Any) -> Any:
        operation = update(self, **changes)
        for instance in self.stack_instances:
            instance.template = self.template
            instance.stack.update(self.template, parameters=dict(self.parameters))
        return operation

    monkeypatch.setattr(StackSet, "update", rewritten)


def _forget_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make AWS::NoValue leave nothing in a list; moto leaves a null."""
    clean = parsing.clean_json

    def without_nulls(node: Any) -> Any:
        if isinstance(node, list):
            return [without_nulls(item) for item in node if item is not None]
        return {key: without_nulls(value) for key, value in node.items()} if isinstance(node, dict) else node

    def rewritten(node: Any, resources: Any) -> Any:
        return without_nulls(clean(node, resources))

    monkeypatch.setattr(parsing, "clean_json", rewritten)

"""What an API call is authorised on, told from its parameters by public data and AWS's documents.

The rule: the action is called like the operation, and each of its resource types is an ARN whose variables are
parameters of the same name. Where that does not hold, a table here says what does. Nothing here is read from the
macro, and a call that neither the rule nor a table explains is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT, REGION, Demand, UnmappedCallError
from proving.public_data import ResourceType, resource_types
from proving.special_calls import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an AWS API: the service as botocore names it, the operation, the parameters that the API gets."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"


# botocore's service name -> IAM's prefix, where they differ.
PREFIXES = {
    "apigatewayv2": "apigateway",
    "bedrock-runtime": "bedrock",
    "cognito-idp": "cognito-idp",
    "emr": "elasticmapreduce",
    "sesv2": "ses",
    "stepfunctions": "states",
}


def demands_of(call: Call) -> tuple[Demand, ...]:
    """The authorisations that a call needs. Raises UnmappedCallError."""
    told = SPECIAL.get((call.service, call.operation))
    demands = tuple(told(call.parameters)) if told else tuple(_by_rule(call))
    return (*demands, *_passed_roles(call))


def _by_rule(call: Call) -> Iterator[Demand]:
    action = (
        f"{PREFIXES.get(call.service, call.service)}:{_ACTIONS.get((call.service, call.operation), call.operation)}"
    )
    types = resource_types(action)
    if types is None:
        message = f"{call.name}: IAM has no action {action}"
        raise UnmappedCallError(message)
    if not types or action in _UNRESTRICTED:
        yield Demand(action, "*")
        return
    wanted = _TYPES.get(action)
    found = []
    for each in types:
        if wanted is not None and each.name not in wanted:
            continue
        resource = _filled(each, call)
        if resource is not None:
            found.append(resource)
        elif each.required or wanted is not None:
            message = f"{call.name}: nothing says which {each.name} it touches"
            raise UnmappedCallError(message)
    if not found:
        message = f"{call.name}: nothing says what it touches"
        raise UnmappedCallError(message)
    for resource in found:
        yield Demand(action, resource)


def _filled(kind: ResourceType, call: Call) -> str | None:
    """The ARN of a resource type, filled with the call's parameters; None where a variable has none."""
    parameters = {name.lower(): value for name, value in call.parameters.items()}
    values = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
    for variable in _VARIABLE.findall(kind.arn):
        if variable in values:
            continue
        name, default = _PARAMETERS.get((call.service, variable), (variable, None))
        value = parameters.get(name.lower(), default)
        if value is None:
            return _given_arn(kind, call)
        if str(value).startswith("arn:"):
            return str(value)
        values[variable] = str(value)
    return _VARIABLE.sub(lambda match: values[match[1]], kind.arn)


def _given_arn(kind: ResourceType, call: Call) -> str | None:
    """The parameter that is an ARN of this type, whatever it is called."""
    shape = "".join(".+" if index % 2 else re.escape(piece) for index, piece in enumerate(_VARIABLE.split(kind.arn)))
    values = [value for value in call.parameters.values() if isinstance(value, str)]
    return next((value for value in values if value.startswith("arn:") and re.fullmatch(shape, value)), None)


# The operation's action where it is called otherwise.
_ACTIONS = {
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListObjects"): "ListBucket",
    ("apigateway", "GetRestApis"): "GET",
}

# Optional resource types that a call of ours never names: IAM then checks everything (`*`).
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html and its sisters
_UNRESTRICTED = {"cloudwatch:PutMetricData", "polly:StartSpeechSynthesisTask", "translate:TranslateText"}

# The resource types that count where an action has several.
_TYPES = {
    "s3:GetObject": {"object"},
    "s3:PutObject": {"object"},
    "s3:DeleteObject": {"object"},
    "s3:ListBucket": {"bucket"},
    "bedrock:InvokeModel": {"foundation-model"},
    "events:PutRule": {"rule-on-default-event-bus"},
    "sagemaker:CreateTrainingJob": {"training-job"},
    "ec2:StartInstances": {"instance"},
    "ec2:StopInstances": {"instance"},
}

# (service, variable of the ARN) -> the parameter that holds it, and what holds when it is not given.
_PARAMETERS: dict[tuple[str, str], tuple[str, str | None]] = {
    ("athena", "WorkGroupName"): ("WorkGroup", "primary"),
    ("bedrock-runtime", "ResourceId"): ("modelId", None),
    ("cognito-idp", "UserPoolId"): ("UserPoolId", None),
    ("databrew", "ResourceId"): ("Name", None),
    ("eks", "ClusterName"): ("name", None),
    ("emr", "ClusterId"): ("JobFlowId", None),
    ("emr-containers", "VirtualClusterId"): ("virtualClusterId", None),
    ("codepipeline", "PipelineName"): ("name", None),
    ("events", "RuleName"): ("Name", None),
    ("glue", "CrawlerName"): ("Name", None),
    ("iam", "RoleNameWithPath"): ("RoleName", None),
    ("mediaconvert", "JobTemplateName"): ("JobTemplate", None),
    ("mediaconvert", "QueueName"): ("Queue", None),
    ("rds", "DbInstanceName"): ("DBInstanceIdentifier", None),
    ("rds-data", "DbClusterInstanceName"): ("resourceArn", None),
    ("s3", "BucketName"): ("Bucket", None),
    ("s3", "ObjectName"): ("Key", None),
    ("scheduler", "GroupName"): ("GroupName", "default"),
    ("scheduler", "ScheduleName"): ("Name", None),
    ("secretsmanager", "SecretId"): ("SecretId", None),
    ("sns", "TopicName"): ("TopicArn", None),
    ("stepfunctions", "StateMachineName"): ("stateMachineArn", None),
}


# (service, operation) -> the paths of parameters that hold a role to hand on, and the service that it is handed to.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html; each operation's API page.
_PASSED_ROLES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("ecs", "RunTask"): (
        ("overrides.taskRoleArn", "ecs-tasks.amazonaws.com"),
        ("overrides.executionRoleArn", "ecs-tasks.amazonaws.com"),
    ),
    ("backup", "StartBackupJob"): (("IamRoleArn", "backup.amazonaws.com"),),
    ("eks", "CreateCluster"): (("roleArn", "eks.amazonaws.com"),),
    ("emr-serverless", "StartJobRun"): (("executionRoleArn", "emr-serverless.amazonaws.com"),),
    ("mediaconvert", "CreateJob"): (("Role", "mediaconvert.amazonaws.com"),),
    ("sagemaker", "CreateModel"): (("ExecutionRoleArn", "sagemaker.amazonaws.com"),),
    ("sagemaker", "CreateProcessingJob"): (("RoleArn", "sagemaker.amazonaws.com"),),
    ("sagemaker", "CreateTrainingJob"): (("RoleArn", "sagemaker.amazonaws.com"),),
    ("events", "PutTargets"): (("Targets.RoleArn", "events.amazonaws.com"),),
    ("scheduler", "CreateSchedule"): (("Target.RoleArn", "scheduler.amazonaws.com"),),
}


def _passed_roles(call: Call) -> Iterator[Demand]:
    for path, passed_to in _PASSED_ROLES.get((call.service, call.operation), ()):
        for role in _at(call.parameters, path.split(".")):
            yield Demand(
                "iam:PassRole",
                role,
                (("iam:PassedToService", passed_to),),
                source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
            )


def _at(value: Any, keys: list[str]) -> Iterator[str]:
    """Every string at a path, through lists."""
    if isinstance(value, list):
        for each in value:
            yield from _at(each, keys)
    elif not keys:
        yield from [value] if isinstance(value, str) else []
    elif isinstance(value, dict):
        yield from _at(value.get(keys[0]), keys[1:])

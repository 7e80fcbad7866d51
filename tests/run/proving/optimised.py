"""Optimised integrations that moto does not run: what they demand, and their answers from the workflow file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)

from proving.demand import Demand
from proving.jobs import JOBS
from proving.special_calls import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from proving.gate import Bearer, Gate

_DG = "https://docs.aws.amazon.com/step-functions/latest/dg"
_HTTP = f"{_DG}/call-https-apis.html"
_EMR_ROLE = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/using-service-linked-roles.html"
_EMR = f"{_DG}/emr-iam.html"

# The service of an optimised integration -> botocore's, where they differ.
_BOTOCORE = {"bedrock": "bedrock-runtime"}


def _invoke_api(parameters: Mapping[str, Any], _machine_arn: str, _: Any) -> Iterator[Demand]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html."""
    if parameters.get("AuthType") not in {"IAM_ROLE", "RESOURCE_POLICY"}:
        return
    api = parameters["ApiEndpoint"].partition(".")[0]
    path = str(parameters.get("Path", "")).strip("/")
    stage = parameters.get("Stage", "$default")
    yield Demand(
        "execute-api:Invoke",
        f"arn:aws:execute-api:{HERE}:{api}/{stage}/{parameters['Method']}/{path}",
        source=f"{_DG}/api-gateway-iam.html",
    )


def _invoke_http(parameters: Mapping[str, Any], machine_arn: str, secret_of: Callable[[str], str]) -> Iterator[Demand]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html, section on IAM permissions."""
    connection = (parameters.get("Authentication") or parameters["InvocationConfig"])["ConnectionArn"]
    context = (("states:HTTPEndpoint", parameters["ApiEndpoint"]), ("states:HTTPMethod", parameters["Method"]))
    yield Demand("states:InvokeHTTPEndpoint", machine_arn, context, _HTTP)
    yield Demand("events:RetrieveConnectionCredentials", connection, (), _HTTP)
    secret = secret_of(connection)
    for action in ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"):
        yield Demand(action, secret, (), _HTTP)


def _on_cluster(*actions: str) -> Callable[[Mapping[str, Any], str, Any], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any], _machine_arn: str, _: Any) -> Iterator[Demand]:
        for action in actions:
            cluster = parameters["ClusterId"]
            yield Demand(f"elasticmapreduce:{action}", f"arn:aws:elasticmapreduce:{HERE}:cluster/{cluster}", (), _EMR)

    return demands


def _create_cluster(parameters: Mapping[str, Any], _machine_arn: str, _: Any) -> Iterator[Demand]:
    """A cluster hands its service's role to EMR and its instances' to EC2 (`emr-iam.html`; both are PassRole)."""
    yield Demand("elasticmapreduce:RunJobFlow", "*", (), _EMR)
    handed_on = (
        ("ServiceRole", "elasticmapreduce.amazonaws.com"),
        ("JobFlowRole", "ec2.amazonaws.com"),
        ("AutoScalingRole", "application-autoscaling.amazonaws.com"),
    )
    for member, service in handed_on:
        role = parameters.get(member)
        if role:
            arn = role if role.startswith("arn:") else f"arn:aws:iam::123456789012:role/{role}"
            yield Demand("iam:PassRole", arn, (("iam:PassedToService", service),), _EMR)
    # The first cluster of an account makes the role that EMR cleans up with.
    service = "elasticmapreduce.amazonaws.com"
    role = f"arn:aws:iam::123456789012:role/aws-service-role/{service}/AWSServiceRoleForEMRCleanup"
    yield Demand("iam:CreateServiceLinkedRole", role, (("iam:AWSServiceName", service),), _EMR_ROLE)


def _nothing(_parameters: Mapping[str, Any], _machine_arn: str, _: Any) -> Iterator[Demand]:
    """Calls of the Kubernetes API of a cluster, which IAM has no part in (`connect-eks.html`)."""
    return iter(())


# Integrations that are no call of one AWS API by its own name.
DIRECT: dict[tuple[str, str], Callable[[Mapping[str, Any], str, Any], Iterator[Demand]]] = {
    ("apigateway", "invoke"): _invoke_api,
    ("eks", "call"): _nothing,
    ("eks", "runJob"): _nothing,
    ("elasticmapreduce", "addStep"): _on_cluster("AddJobFlowSteps"),
    ("elasticmapreduce", "cancelStep"): _on_cluster("CancelSteps"),
    ("elasticmapreduce", "createCluster"): _create_cluster,
    ("elasticmapreduce", "modifyInstanceFleetByName"): _on_cluster("ModifyInstanceFleet", "ListInstanceFleets"),
    ("elasticmapreduce", "modifyInstanceGroupByName"): _on_cluster("ModifyInstanceGroups", "ListInstanceGroups"),
    ("elasticmapreduce", "setClusterTerminationProtection"): _on_cluster("SetTerminationProtection"),
    ("elasticmapreduce", "terminateCluster"): _on_cluster("TerminateJobFlows"),
    ("http", "invoke"): _invoke_http,
}


class OptimisedTask(StateTaskServiceCallback):
    """A task of an optimised integration, answered by the workflow file."""

    def __init__(self, gate: Gate) -> None:
        super().__init__({ResourceCondition.WaitForTaskToken, ResourceCondition.Sync, ResourceCondition.Sync2})
        self._gate = gate

    def _validate_service_integration_is_supported(self) -> None:
        """Say nothing: what is supported is the workflow file's matter."""

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Bearer,
    ) -> None:
        service, api = self.resource.service_name, self.resource.api_action
        direct = DIRECT.get((service, api))
        if direct is None:
            name = _BOTOCORE.get(service, service)
            client = self._gate.client(resource_runtime_part.region, name, state_credentials)
            response = getattr(client, self._get_boto_service_action())(**normalised_parameters)
            response.pop("ResponseMetadata", None)
        else:
            machine_arn = env.states.context_object.context_object_data["StateMachine"]["Id"]
            demands = direct(normalised_parameters, machine_arn, self._gate.secret_of)
            self._gate.demand(state_credentials.machine, state_credentials.state, f"{service}:{api}", demands)
            response = {}
            if not state_credentials.waits:
                response = self._gate.answer(state_credentials.state) or {}
        job = JOBS.get((service, api))
        if self.resource.condition and job:
            response = {**{name[:1].upper() + name[1:]: value for name, value in job.started.items()}, **response}
        env.stack.append(response)

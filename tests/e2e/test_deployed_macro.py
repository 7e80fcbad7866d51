"""The macro in an account, and templates that name it: deployed, refused, changed and run."""

from __future__ import annotations

import contextlib
import json
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from emulation.building import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Account, Stack

    Deploy = Callable[[Path | str, str], Stack]
    Refused = Callable[[Path | str, str], str]

STACKS = Path(__file__).parent / "stacks"
PLAIN = "examples/plain-cloudformation/template.yaml"
SAM = Path("examples/sam-definition-uri")
ACCOUNT = "123456789012"
A = f"eu-west-1:{ACCOUNT}"
RULE = f"arn:aws:events:{A}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"


def function(account: Account, arn: str, code: str) -> None:
    """A function that was there before, in whatever account and under whatever alias the ARN says."""
    *_, owner, _, name, alias = arn.split(":")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", code)
    role = account.client("iam", owner).create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]
    functions = account.client("lambda", owner)
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role["Arn"],
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
        Publish=True,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    functions.create_alias(FunctionName=name, Name=alias, FunctionVersion="1")


def item(stack: Stack, table: str, key: dict[str, Any]) -> Any:
    return stack.account.client("dynamodb").get_item(TableName=stack.resources()[table], Key=key).get("Item")


def messages(stack: Stack, queue: str) -> list[str]:
    answer = stack.account.client("sqs").receive_message(QueueUrl=stack.resources()[queue], MaxNumberOfMessages=10)
    return [each["Body"] for each in answer.get("Messages", [])]


def test_the_macro_is_deployed_by_sam(macro: Stack) -> None:
    outputs = {each["OutputKey"]: each["OutputValue"] for each in macro.description()["Outputs"]}

    assert macro.description()["StackStatus"] == "CREATE_COMPLETE"
    assert outputs["MacroName"] == "SfnLeastPrivilege"
    assert outputs["FunctionArn"] == f"arn:aws:lambda:{A}:function:SfnLeastPrivilege:live"


@pytest.fixture(scope="module")
def orders(deploy: Deploy, account: Account) -> Stack:
    """The example whose only transform is ours; the fraud team's function is in another account."""
    fraud_check = "arn:aws:lambda:eu-west-1:210987654321:function:fraud-check:live"
    function(account, fraud_check, "def handler(event, context):\n    return {'risk': event['risk']}\n")
    return deploy(PLAIN, "orders")


def test_a_template_with_our_transform_alone(orders: Stack) -> None:
    assert orders.granted("AcceptOrder") == {
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:210987654321:function:fraud-check:live"),
        ("dynamodb:PutItem", f"arn:aws:dynamodb:{A}:table/<Orders>"),
        ("sns:Publish", f"arn:aws:sns:{A}:<Desk>"),
        ("sqs:SendMessage", f"arn:aws:sqs:{A}:<Refusals>"),
        ("xray:GetSamplingRules", "*"),
        ("xray:GetSamplingTargets", "*"),
        ("xray:PutTelemetryRecords", "*"),
        ("xray:PutTraceSegments", "*"),
    }
    assert orders.granted("AcceptBatch") == {
        ("states:StartExecution", f"arn:aws:states:{A}:stateMachine:<AcceptOrder>"),
        ("states:DescribeExecution", f"arn:aws:states:{A}:execution:<AcceptOrder>:*"),
        ("states:StopExecution", f"arn:aws:states:{A}:execution:<AcceptOrder>:*"),
        ("events:PutTargets", RULE),
        ("events:PutRule", RULE),
        ("events:DescribeRule", RULE),
        ("events:PutEvents", f"arn:aws:events:{A}:event-bus/default"),
    }


def test_its_workflow_runs(orders: Stack) -> None:
    # The last two side by side, hence in any order.
    assert set(orders.run("AcceptOrder", {"orderId": "1", "risk": 10})[-2:]) == {"WriteDown", "TellDesk"}
    assert item(orders, "Orders", {"orderId": {"S": "1"}})["state"] == {"S": "ACCEPTED"}


def test_its_workflow_runs_another_way(orders: Stack) -> None:
    assert orders.run("AcceptOrder", {"orderId": "2", "risk": 90})[-1] == "Refuse"
    assert json.loads(messages(orders, "Refusals")[0])["orderId"] == "2"


def test_its_workflow_runs_in_another(orders: Stack) -> None:
    assert orders.run("AcceptBatch", {"orders": [{"orderId": "3", "risk": 0}, {"orderId": "4", "risk": 0}]})

    assert item(orders, "Orders", {"orderId": {"S": "3"}})
    assert item(orders, "Orders", {"orderId": {"S": "4"}})


@pytest.fixture(scope="module", params=["before SAM", "after SAM"])
def holidays(request: pytest.FixtureRequest, deploy: Deploy, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The example whose definition is in a file, with the two transforms in either order."""
    folder = tmp_path_factory.mktemp("holidays") / "template"
    shutil.copytree(ROOT / SAM, folder)
    template = (folder / "template.yaml").read_text()
    before, after = "  - SfnLeastPrivilege\n", "  - AWS::Serverless-2016-10-31\n"
    assert before + after in template
    if request.param == "after SAM":
        (folder / "template.yaml").write_text(template.replace(before + after, after + before))
    return deploy(folder / "template.yaml", request.param.lower().replace(" ", "-"))


def test_a_template_with_both_transforms(holidays: Stack) -> None:
    assert holidays.granted("HolidayRequest") == {
        ("lambda:InvokeFunction", f"arn:aws:lambda:{A}:function:<AskManager>:live"),
        ("lambda:InvokeFunction", f"arn:aws:lambda:{A}:function:<BookHoliday>"),
        ("sqs:SendMessage", f"arn:aws:sqs:{A}:reminders"),
        ("dynamodb:UpdateItem", f"arn:aws:dynamodb:{A}:table/<Requests>"),
        ("events:PutEvents", f"arn:aws:events:{A}:event-bus/<Bus>"),
    }


def test_the_workflow_of_both_transforms_runs(holidays: Stack) -> None:
    def approve(token: str) -> None:
        answer = json.dumps({"approved": True})
        holidays.account.client("stepfunctions").send_task_success(taskToken=token, output=answer)

    assert holidays.run("HolidayRequest", {"id": "7"}, approve) == ["Ask", "Approved?", "Book", "WriteDown", "Announce"]
    assert item(holidays, "Requests", {"id": {"S": "7"}})["approved"] == {"BOOL": True}


@pytest.fixture(scope="module")
def invoices(deploy: Deploy) -> Stack:
    return deploy(STACKS / "jsonata.yaml", "invoices")


def test_a_workflow_in_jsonata(invoices: Stack) -> None:
    assert invoices.granted("Invoice") == {
        ("dynamodb:PutItem", f"arn:aws:dynamodb:{A}:table/<Invoices>"),
        ("sqs:SendMessage", f"arn:aws:sqs:{A}:<Reminders>"),
    }
    given = {"id": "9", "lines": [{"price": 60, "count": 2}, {"price": 1, "count": 5}]}
    assert invoices.run("Invoice", given) == ["Remember", "WriteDown", "Large?", "Remind", "Done"]
    assert messages(invoices, "Reminders") == ["pay 125"]


def test_options_in_the_transform_section(invoices: Stack) -> None:
    assert invoices.role("Invoice")["Path"] == "/workflows/"


def test_the_role_follows_the_definition(deploy: Deploy, invoices: Stack, tmp_path: Path) -> None:
    template = (STACKS / "jsonata.yaml").read_text()
    (tmp_path / "template.yaml").write_text(template.replace("dynamodb:putItem", "dynamodb:updateItem"))

    deploy(tmp_path / "template.yaml", "invoices")

    assert invoices.granted("Invoice") == {
        ("dynamodb:UpdateItem", f"arn:aws:dynamodb:{A}:table/<Invoices>"),
        ("sqs:SendMessage", f"arn:aws:sqs:{A}:<Reminders>"),
    }


REASONS = ("SLP301 Pigeons / Send: `pigeons:send` is not known", "SLP104 Unfinished: the definition")


def test_sam_shows_all_the_reasons_of_a_refusal(refused: Refused, saw: Callable[[str], None]) -> None:
    shown = refused(STACKS / "refused.yaml", "refused")

    saw(f"    {shown.strip().splitlines()[-1]}")
    assert f"Transform {ACCOUNT}::SfnLeastPrivilege failed with: " in shown
    for reason in REASONS:
        assert reason in shown


def test_a_refused_change_set_has_the_reasons(macro: Stack) -> None:
    cloudformation = macro.account.client("cloudformation")
    change_set = cloudformation.create_change_set(
        StackName="refused-change-set",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=(STACKS / "refused.yaml").read_text(),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )

    described = cloudformation.describe_change_set(ChangeSetName=change_set["Id"])
    assert described["Status"] == "FAILED"
    for reason in REASONS:
        assert reason in described["StatusReason"]


def test_the_events_of_a_refused_stack_have_the_reasons(macro: Stack, saw: Callable[[str], None]) -> None:
    cloudformation = macro.account.client("cloudformation")
    with contextlib.suppress(ClientError):
        cloudformation.create_stack(
            StackName="refused-stack",
            TemplateBody=(STACKS / "refused.yaml").read_text(),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )

    events = cloudformation.describe_stack_events(StackName="refused-stack")["StackEvents"]
    shown = [each["ResourceStatusReason"] for each in events if "ResourceStatusReason" in each]
    for line in shown:
        saw(f"    stack event: {line}")
    for reason in REASONS:
        assert any(reason in each for each in shown)


def test_a_definition_that_is_not_in_s3(refused: Refused, saw: Callable[[str], None]) -> None:
    shown = refused(STACKS / "missing-file.yaml", "lost")

    saw(f"    {shown.strip().splitlines()[-1]}")
    assert "SLP105 Lost" in shown
    assert "lost.asl.json" in shown

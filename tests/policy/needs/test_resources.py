"""From a resource row and a task's arguments to the ARNs that the task touches."""

import json
from collections.abc import Mapping

import pytest

from sfn_least_privilege.policy.asl.arguments import known_arguments
from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.integration import ArgumentArn, Call, EveryResource, FixedArn, Resource
from sfn_least_privilege.policy.catalog.integrations import service_integrations
from sfn_least_privilege.policy.deployment import Deployment, literal_deployment, template_deployment
from sfn_least_privilege.policy.needs.resources import touched_resources
from sfn_least_privilege.policy.rendering import Json, render_pattern
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    Guards,
    ListOf,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    one_of,
)

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "111122223333")
TABLE = ArgumentArn("TableName", "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}")
BUS = ArgumentArn(
    "Entries[].EventBusName", "arn:{Partition}:events:{Region}:{AccountId}:event-bus/{}", default="default"
)
TABLES = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
BUSES = "arn:aws:events:eu-west-1:111122223333:event-bus/"
FUNCTIONS = "arn:aws:lambda:eu-west-1:111122223333:function:"

HOLE = Unknown("why")
IMPORTED = Reference("Fn::ImportValue", '"shared"')

Touched = dict[tuple[Json, Guards], str]


def call(arguments: Value, deployment: Deployment = DEPLOYMENT) -> Call:
    surroundings = Surroundings("Machine", deployment, unknown("not given"), unknown("not given"))
    return Call(known_arguments(arguments), Pattern.REQUEST_RESPONSE, surroundings)


def touched(resource: Resource, arguments: Value | Mapping[str, Value]) -> Touched:
    """Each pattern, as JSON where it is no string, with its conditions; and why it is wide."""
    value = ObjectValue(arguments) if isinstance(arguments, Mapping) else arguments
    found = touched_resources(resource, call(value))
    return {(_written(each.resource.text), each.resource.guards): each.breadth for each in found}


def patterns(resource: Resource, arguments: Value | Mapping[str, Value]) -> list[Json]:
    return [pattern for pattern, _ in touched(resource, arguments)]


def _written(text: Text) -> Json:
    rendered = render_pattern(text)
    return rendered if isinstance(rendered, str) else json.dumps(rendered)


def row(service: str, api: str, grant: int = 0) -> Resource:
    return service_integrations(service)[api].grants[grant].resource


def covers(pattern: Json, string: str) -> bool:
    """Whether a pattern whose only special character is the star matches a string."""
    assert isinstance(pattern, str)
    head, *tail = pattern.split("*")
    if not tail:
        return pattern == string
    if not string.startswith(head):
        return False
    rest = string[len(head) :]
    for piece in tail[:-1]:
        _, found, rest = rest.partition(piece)
        if piece and not found:
            return False
    return rest.endswith(tail[-1])


class TestFixed:
    def test_every_resource(self) -> None:
        assert touched(EveryResource("no narrower form"), {}) == {("*", ()): ""}

    def test_the_same_arn_for_every_task(self) -> None:
        fixed = FixedArn("arn:{Partition}:events:{Region}:{AccountId}:rule/Managed")
        assert patterns(fixed, {}) == ["arn:aws:events:eu-west-1:111122223333:rule/Managed"]


class TestName:
    @pytest.mark.parametrize(
        ("value", "pattern"),
        [
            (Text.of("orders"), TABLES + "orders"),
            (Text.of("*"), TABLES + "${*}"),
            (
                Text.of("arn:aws:dynamodb:us-east-1:999988887777:table/x"),
                "arn:aws:dynamodb:us-east-1:999988887777:table/x",
            ),
            (Scalar("5"), TABLES + "5"),
        ],
    )
    def test_a_known_value_is_one_resource_and_needs_no_word(self, value: Value, pattern: str) -> None:
        assert touched(TABLE, {"TableName": value}) == {(pattern, ()): ""}

    @pytest.mark.parametrize(
        ("reference", "pattern"),
        [
            (Reference("Ref", "Table", Kind.NAME), {"Fn::Sub": TABLES + "${Table}"}),
            (Reference("Fn::GetAtt", "Table.Arn", Kind.ARN), {"Fn::GetAtt": ["Table", "Arn"]}),
            (
                Reference("Ref", "Table", Kind.NAME, arn=Text.of(Reference("Fn::GetAtt", "Table.Arn", Kind.ARN))),
                {"Fn::GetAtt": ["Table", "Arn"]},
            ),
            (Reference("Ref", "Parameter", Kind.NAME, sample="orders"), {"Fn::Sub": TABLES + "${Parameter}"}),
            (Reference("Ref", "Parameter", Kind.ARN, sample=TABLES + "x"), {"Ref": "Parameter"}),
        ],
    )
    def test_a_reference_is_kept(self, reference: Reference, pattern: Json) -> None:
        assert touched(TABLE, {"TableName": Text.of(reference)}) == {(json.dumps(pattern), ()): ""}

    @pytest.mark.parametrize(
        ("sample", "pattern"), [("orders", {"Fn::Sub": TABLES + "${P}"}), (TABLES + "x", {"Ref": "P"})]
    )
    def test_the_value_of_a_reference_says_what_it_is(self, sample: str, pattern: Json) -> None:
        value = Text.of(Reference("Ref", "P", Kind.UNKNOWN, sample=sample))
        assert touched(TABLE, {"TableName": value}) == {(json.dumps(pattern), ()): ""}

    def test_a_name_that_is_known_in_part_keeps_that_part(self) -> None:
        assert touched(TABLE, {"TableName": Text.of("orders-", HOLE)}) == {(TABLES + "orders-*", ()): "why"}

    @pytest.mark.parametrize("prefix", ["q", "qa", "qa-", "ar-", "arm"])
    def test_a_short_beginning_is_a_name_as_well(self, prefix: str) -> None:
        assert patterns(TABLE, {"TableName": Text.of(prefix, HOLE)}) == [f"{TABLES}{prefix}*"]

    @pytest.mark.parametrize("value", [unknown("why"), Anything("why"), Text.of(IMPORTED, "s")])
    def test_what_may_be_name_or_arn_covers_both(self, value: Value) -> None:
        ((pattern, breadth),) = ((pattern, why) for (pattern, _), why in touched(TABLE, {"TableName": value}).items())
        assert covers(pattern, TABLES + "orders")
        assert covers(pattern, "arn:aws:dynamodb:eu-west-1:999988887777:table/orders")
        assert breadth

    @pytest.mark.parametrize("value", [Text.of(IMPORTED, "-x"), Text.of(IMPORTED, "/index/x"), Text.of(IMPORTED, HOLE)])
    def test_a_reference_that_may_be_an_arn_with_something_behind_it_is_told(self, value: Text) -> None:
        assert all(touched(TABLE, {"TableName": value}).values())

    def test_an_arn_with_an_unknown_end_keeps_what_is_known(self) -> None:
        value = Text.of("arn:aws:dynamodb:eu-west-1:999988887777:table/orders-", HOLE)
        assert touched(TABLE, {"TableName": value}) == {
            ("arn:aws:dynamodb:eu-west-1:999988887777:table/orders-*", ()): "why"
        }

    def test_a_reference_to_an_arn_with_an_unknown_end_is_kept(self) -> None:
        value = Text.of(Reference("Fn::GetAtt", "Table.Arn", Kind.ARN), "/index/", HOLE)
        assert patterns(TABLE, {"TableName": value}) == [json.dumps({"Fn::Sub": "${Table.Arn}/index/*"})]

    def test_each_of_several_values_is_a_resource(self) -> None:
        assert patterns(TABLE, {"TableName": one_of([Text.of("a"), Text.of("b")])}) == [TABLES + "a", TABLES + "b"]

    def test_a_value_under_a_condition_stays_under_it(self) -> None:
        value = Conditional("IsProd", Text.of("a"), Text.of("b"))
        assert touched(TABLE, {"TableName": value}) == {
            (TABLES + "a", (("IsProd", True),)): "",
            (TABLES + "b", (("IsProd", False),)): "",
        }

    def test_an_argument_that_is_not_given_touches_nothing(self) -> None:
        assert touched(TABLE, {}) == {}

    def test_when_nothing_is_known_of_the_arguments_every_table_may_be_touched(self) -> None:
        (pattern,) = patterns(TABLE, Anything("why"))
        assert covers(pattern, TABLES + "orders")


class TestListOfNames:
    def test_each_item_names_its_own(self) -> None:
        entries = ArrayValue(tuple(ObjectValue({"EventBusName": Text.of(name)}) for name in ("a", "b", "a")))
        assert patterns(BUS, {"Entries": entries}) == [BUSES + "a", BUSES + "b"]

    def test_an_item_that_names_none_goes_to_the_default(self) -> None:
        entries = ArrayValue((ObjectValue({"EventBusName": Text.of("a")}), ObjectValue({})))
        assert patterns(BUS, {"Entries": entries}) == [BUSES + "a", BUSES + "default"]

    @pytest.mark.parametrize("missing", [MISSING, Missing()])
    def test_an_item_that_may_name_none_may_go_to_the_default(self, missing: Value) -> None:
        entries = ListOf(ObjectValue({"EventBusName": one_of([missing, Text.of("a")])}))
        assert set(patterns(BUS, {"Entries": entries})) == {BUSES + "a", BUSES + "default"}

    @pytest.mark.parametrize("entries", [Anything("why"), ListOf(Anything("why")), unknown("why")])
    def test_items_that_are_not_known_may_go_anywhere(self, entries: Value) -> None:
        (pattern,) = patterns(BUS, {"Entries": entries})
        assert covers(pattern, BUSES + "default")
        assert covers(pattern, BUSES + "orders")

    def test_a_list_under_a_condition_keeps_it(self) -> None:
        prod = ArrayValue((ObjectValue({"EventBusName": Text.of("prod")}),))
        test = ArrayValue((ObjectValue({"EventBusName": Text.of("test")}),))
        assert touched(BUS, {"Entries": Conditional("IsProd", prod, test)}) == {
            (BUSES + "prod", (("IsProd", True),)): "",
            (BUSES + "test", (("IsProd", False),)): "",
        }

    def test_the_default_under_a_condition_keeps_it(self) -> None:
        entries = ArrayValue((ObjectValue({"EventBusName": Conditional("IsProd", Text.of("prod"), MISSING)}),))
        assert touched(BUS, {"Entries": entries}) == {
            (BUSES + "prod", (("IsProd", True),)): "",
            (BUSES + "default", (("IsProd", False),)): "",
        }


class TestFunction:
    function = row("lambda", "invoke")

    @pytest.mark.parametrize(
        ("name", "resource"),
        [
            ("orders", "orders"),
            ("orders:live", "orders:live"),
            ("orders:$LATEST", "orders:$LATEST"),
            ("111122223333:function:orders", "orders"),
            ("111122223333:function:orders:live", "orders:live"),
            (FUNCTIONS + "orders", "orders"),
            (FUNCTIONS + "orders:7", "orders:7"),
        ],
    )
    def test_every_form_of_a_name(self, name: str, resource: str) -> None:
        assert touched(self.function, {"FunctionName": Text.of(name)}) == {(FUNCTIONS + resource, ()): ""}

    def test_a_qualifier_follows_the_name(self) -> None:
        arguments = {"FunctionName": Text.of("orders"), "Qualifier": Text.of("live")}
        assert patterns(self.function, arguments) == [FUNCTIONS + "orders:live"]

    def test_a_qualifier_that_the_name_has_already_is_not_added_again(self) -> None:
        arguments = {"FunctionName": Text.of("orders:live"), "Qualifier": Text.of("live")}
        assert patterns(self.function, arguments) == [FUNCTIONS + "orders:live"]

    @pytest.mark.parametrize("qualifier", [Anything("why"), one_of([MISSING, Text.of("live")])])
    def test_a_qualifier_that_may_be_missing_leaves_the_function_itself(self, qualifier: Value) -> None:
        found = patterns(self.function, {"FunctionName": Text.of("orders"), "Qualifier": qualifier})
        assert any(covers(pattern, FUNCTIONS + "orders") for pattern in found)
        assert any(covers(pattern, FUNCTIONS + "orders:live") for pattern in found)

    def test_a_qualifier_under_a_condition_leaves_the_function_itself_without_it(self) -> None:
        qualifier = Conditional("IsProd", Text.of("live"), MISSING)
        found = touched(self.function, {"FunctionName": Text.of("orders"), "Qualifier": qualifier})
        assert found == {
            (FUNCTIONS + "orders:live", (("IsProd", True),)): "",
            (FUNCTIONS + "orders", (("IsProd", False),)): "",
        }

    def test_when_nothing_is_known_of_the_arguments_every_function_may_be_called(self) -> None:
        found = patterns(self.function, Anything("why"))
        for function in (FUNCTIONS + "orders", FUNCTIONS + "orders:live"):
            assert any(covers(pattern, function) for pattern in found)

    def test_name_and_qualifier_under_the_same_condition_go_together(self) -> None:
        found = touched(
            self.function,
            {
                "FunctionName": Conditional("IsProd", Text.of("a"), Text.of("b")),
                "Qualifier": Conditional("IsProd", Text.of("1"), Text.of("2")),
            },
        )
        assert found == {
            (FUNCTIONS + "a:1", (("IsProd", True),)): "",
            (FUNCTIONS + "b:2", (("IsProd", False),)): "",
        }

    def test_a_partial_arn_with_an_unknown_name_stays_in_its_account(self) -> None:
        value = Text.of("999988887777:function:", HOLE)
        assert patterns(self.function, {"FunctionName": value}) == ["arn:aws:lambda:eu-west-1:999988887777:function:*"]

    def test_a_qualified_reference_that_may_be_an_arn_is_told(self) -> None:
        assert all(touched(self.function, {"FunctionName": Text.of(IMPORTED, ":live")}).values())


class TestQueue:
    queue = row("sqs", "sendMessage")

    @pytest.mark.parametrize(
        "url",
        [
            Text.of("https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
            Text.of("https://sqs.eu-west-1.amazonaws.com/111122223333/", HOLE),
            Text.of("https://sqs.eu-west-1.amazonaws.com/", HOLE),
            Text.of("https://sqs.eu-west-1.amazonaws.com/", HOLE, "/orders"),
            Text.of("https://sqs.", HOLE, ".amazonaws.com/111122223333/orders"),
            Text.of("https://", HOLE, "/111122223333/orders"),
            Text.of("https://", HOLE),
            Text.of("http", HOLE),
            Text.of("h", HOLE),
            Text.of(HOLE, "/orders"),
            unknown("why"),
            Text.of(IMPORTED, "/orders"),
        ],
    )
    def test_the_queue_itself_is_always_covered(self, url: Text) -> None:
        found = patterns(self.queue, {"QueueUrl": url})
        assert any(covers(pattern, "arn:aws:sqs:eu-west-1:111122223333:orders") for pattern in found)

    def test_a_url_that_only_deployment_knows_is_taken_apart_by_cloudformation(self) -> None:
        ((pattern, breadth),) = (
            (pattern, why) for (pattern, _), why in touched(self.queue, {"QueueUrl": Text.of(IMPORTED)}).items()
        )
        assert isinstance(pattern, str)
        assert json.loads(pattern)["Fn::Sub"] == [
            "arn:aws:sqs:eu-west-1:${Value1}:${Value2}",
            {
                "Value1": {"Fn::Select": [3, {"Fn::Split": ["/", {"Fn::ImportValue": "shared"}]}]},
                "Value2": {"Fn::Select": [4, {"Fn::Split": ["/", {"Fn::ImportValue": "shared"}]}]},
            },
        ]
        assert not breadth

    def test_a_url_that_is_not_of_the_documented_form_is_told(self) -> None:
        assert all(touched(self.queue, {"QueueUrl": Text.of("https://example.com/orders")}).values())


class TestTarget:
    target = row("sns", "publish", 1)

    def test_a_topic_is_the_resource(self) -> None:
        topic = "arn:aws:sns:eu-west-1:111122223333:orders"
        assert touched(self.target, {"TargetArn": Text.of(topic)}) == {(topic, ()): ""}

    def test_an_endpoint_is_no_resource_that_iam_knows(self) -> None:
        endpoint = Text.of("arn:aws:sns:eu-west-1:111122223333:endpoint/GCM/app/1")
        assert patterns(self.target, {"TargetArn": endpoint}) == ["*"]

    @pytest.mark.parametrize("value", [unknown("why"), Anything("why"), Text.of(IMPORTED)])
    def test_a_target_that_is_not_known_may_be_anything(self, value: Value) -> None:
        assert patterns(self.target, {"TargetArn": value}) == ["*"]


class TestExecution:
    machine = row("states", "startExecution")
    executions = row("states", "startExecution", 1)
    prefix = "arn:aws:states:eu-west-1:111122223333:"

    @pytest.mark.parametrize("end", ["", ":live", ":7"])
    def test_a_version_or_an_alias_is_authorised_on_the_machine(self, end: str) -> None:
        arguments = {"StateMachineArn": Text.of(f"{self.prefix}stateMachine:orders{end}")}
        assert patterns(self.machine, arguments) == [f"{self.prefix}stateMachine:orders"]
        assert patterns(self.executions, arguments) == [f"{self.prefix}execution:orders:*"]

    def test_executions_of_another_machine_are_not_covered(self) -> None:
        (pattern,) = patterns(self.executions, {"StateMachineArn": Text.of(f"{self.prefix}stateMachine:orders")})
        assert covers(pattern, f"{self.prefix}execution:orders:1")
        assert not covers(pattern, f"{self.prefix}execution:orders-old:1")

    @pytest.mark.parametrize(
        "arn",
        [
            Text.of("arn:aws:states:eu-west-1:111122223333:stateMachine:", HOLE),
            Text.of("arn:aws:states:eu-west-1:111122223333:stateMachine:ord", HOLE),
            Text.of("arn:aws:states:eu-west-1:", HOLE, ":stateMachine:orders"),
            Text.of("arn:aws:states:eu-west-1:", HOLE),
            Text.of("arn:aws:states:", HOLE, ":111122223333:stateMachine:orders"),
            Text.of("arn:", HOLE),
            unknown("why"),
        ],
    )
    def test_machine_and_executions_are_covered_whatever_is_not_known(self, arn: Text) -> None:
        (machine,) = patterns(self.machine, {"StateMachineArn": arn})
        (executions,) = patterns(self.executions, {"StateMachineArn": arn})
        assert covers(machine, f"{self.prefix}stateMachine:orders")
        assert covers(executions, f"{self.prefix}execution:orders:run")

    @pytest.mark.parametrize("qualifier", [":live", ":7"])
    def test_a_qualified_reference_is_authorised_on_the_machine(self, qualifier: str) -> None:
        machine = Reference(
            "Fn::GetAtt",
            "Machine.Arn",
            Kind.ARN,
            logical_id="Machine",
            resource_type="AWS::StepFunctions::StateMachine",
        )
        arguments = {"StateMachineArn": Text.of(machine, qualifier)}
        (pattern,) = patterns(self.machine, arguments)
        (executions,) = patterns(self.executions, arguments)
        assert qualifier not in str(pattern)
        assert ":execution:" in str(executions)

    @pytest.mark.parametrize(
        "name", [Reference("Ref", "Name"), Reference("Ref", "Name", Kind.NAME), Reference("Ref", "N", sample="orders")]
    )
    def test_executions_of_a_machine_named_by_a_reference(self, name: Reference) -> None:
        arguments = {"StateMachineArn": Text.of(f"{self.prefix}stateMachine:", name)}
        (executions,) = patterns(self.executions, arguments)
        assert executions == json.dumps({"Fn::Sub": f"{self.prefix}execution:${{{name.argument}}}:*"})


def test_in_a_template_partition_region_and_account_are_pseudo_parameters() -> None:
    found = touched_resources(TABLE, call(ObjectValue({"TableName": Text.of("orders")}), template_deployment()))
    assert [render_pattern(each.resource.text) for each in found] == [
        {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"}
    ]


def test_a_list_of_one_item_may_come_without_its_list() -> None:
    only = ObjectValue({"EventBusName": Text.of("orders")})
    assert touched(BUS, {"Entries": only}) == {(f"{BUSES}orders", ()): ""}


def test_a_qualifier_that_is_null_is_not_given() -> None:
    arguments = {"FunctionName": Text.of("f"), "Qualifier": Scalar("null")}
    assert patterns(row("lambda", "invoke"), arguments) == [f"{FUNCTIONS}f"]

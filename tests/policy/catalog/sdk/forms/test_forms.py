"""How values name their resources, form by form."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.catalog.sdk.forms import FORMS
from sfn_least_privilege.policy.catalog.sdk.forms.named import Marked
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, unknown

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "111122223333")
HERE = "eu-west-1:111122223333"
OPEN = unknown("why")
PARAMETER = Text.of(Reference("Ref", "Name"))
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"


def named(form: str, text: Text | str) -> list[str]:
    """What a form makes of a text; what is put into a template stands behind an ellipsis."""
    given = Text.of(text) if isinstance(text, str) else text
    return [("" if each.is_arn else "…") + spell(each.text) for each in FORMS[form](given, DEPLOYMENT)]


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("account", "", ["…111122223333"]),
        ("account", "444455556666", ["…444455556666"]),
        ("account", "444455556666:lake/sales", ["…444455556666"]),
        ("account", "lake/sales", ["…111122223333"]),
        ("account", OPEN, ["…*"]),
        ("alias", "alias/a", ["…alias/a"]),
        ("alias", OPEN, ["…alias/*"]),
        ("before-colon", "site:123", ["…site"]),
        ("before-colon", "123", ["…*"]),
        ("bucket", "b", ["…b"]),
        ("bucket", "p-abc-s3alias", [f"arn:aws:s3:{HERE}:accesspoint/*"]),
        ("bus", "default", ["…"]),
        ("bus", "", ["…"]),
        ("bus", "b", ["…b/"]),
        ("bus", OPEN, ["…*"]),
        ("bus", PARAMETER, ["…${Name}/", "…"]),
        ("bus", f"arn:aws:events:{HERE}:event-bus/b", [f"arn:aws:events:{HERE}:rule/b/"]),
        ("bus", f"arn:aws:events:{HERE}:event-bus/default", [f"arn:aws:events:{HERE}:rule/"]),
        ("copy-source", "b/k", ["arn:aws:s3:::b/k"]),
        ("copy-source", "/b/k%20k?versionId=1", ["arn:aws:s3:::b/k k"]),
        ("copy-source", Text.of("b/", OPEN), ["arn:aws:s3:::b/*"]),
        ("document", "Restart", [f"arn:aws:ssm:{HERE}:document/Restart"]),
        ("document", "AWS-RunShellScript", ["arn:aws:ssm:eu-west-1::document/AWS-RunShellScript"]),
        ("document", OPEN, ["arn:aws:ssm:eu-west-1:*:document/*"]),
        ("ec2-id", "i-1", [f"arn:aws:ec2:{HERE}:instance/i-1"]),
        ("ec2-id", "snap-1", ["arn:aws:ec2:eu-west-1::snapshot/snap-1"]),
        ("ec2-id", "ipam-1", ["arn:aws:ec2::*:*/ipam-1"]),
        ("ec2-id", "what-1", ["arn:aws:ec2:eu-west-1:*:*/what-1"]),
        ("ec2-id", OPEN, ["arn:aws:ec2:eu-west-1:*:*/*"]),
        ("ec2-instance", "i-1", ["…i-1"]),
        ("ec2-instance", "mi-1", []),
        ("ec2-type", "volume", [f"arn:aws:ec2:{HERE}:volume/*"]),
        ("ec2-type", "image", ["arn:aws:ec2:eu-west-1::image/*"]),
        ("family", "web", ["…web:*"]),
        ("family", "web:3", ["…web:3"]),
        ("family", OPEN, ["…*"]),
        ("family", PARAMETER, ["…${Name}", "…${Name}:*"]),
        ("family", f"arn:aws:ecs:{HERE}:task-definition/web", [f"arn:aws:ecs:{HERE}:task-definition/web:*"]),
        ("function", "f", [f"arn:aws:lambda:{HERE}:function:f"]),
        ("identity", "a@b.example", ["…a@b.example", "…b.example"]),
        ("identity", "A <a@b.example>", ["…a@b.example", "…b.example"]),
        ("identity", Text.of("a@", PARAMETER), ["…a@${Name}", "…${Name}"]),
        ("image", "ami-1", ["…ami-1"]),
        ("image", "resolve:ssm:/a/b", ["…*"]),
        ("last-segment", "/hostedzone/Z1", ["…Z1"]),
        ("last-segment", "Z1", ["…Z1"]),
        ("log-group", "/g", ["…/g"]),
        ("log-group", f"arn:aws:logs:{HERE}:log-group:/g:*", [f"arn:aws:logs:{HERE}:log-group:/g"]),
        ("lower", "Endpoint", ["…endpoint"]),
        ("machine", f"arn:aws:states:{HERE}:stateMachine:m:3", [f"arn:aws:states:{HERE}:stateMachine:m"]),
        ("managed-instance", "i-1", []),
        ("managed-instance", "mi-1", ["…mi-1"]),
        ("model", MODEL, [f"arn:aws:bedrock:eu-west-1::foundation-model/{MODEL}"]),
        (
            "model",
            f"us.{MODEL}",
            [f"arn:aws:bedrock:{HERE}:inference-profile/us.{MODEL}", f"arn:aws:bedrock:*::foundation-model/{MODEL}"],
        ),
        (
            "model",
            f"arn:aws:bedrock:{HERE}:inference-profile/us.{MODEL}",
            [f"arn:aws:bedrock:{HERE}:inference-profile/us.{MODEL}", f"arn:aws:bedrock:*::foundation-model/{MODEL}"],
        ),
        ("model", f"arn:aws:bedrock:{HERE}:provisioned-model/p", [f"arn:aws:bedrock:{HERE}:provisioned-model/p"]),
        (
            "model",
            f"arn:aws:bedrock:{HERE}:application-inference-profile/p",
            [f"arn:aws:bedrock:{HERE}:application-inference-profile/p", "arn:aws:bedrock:*::foundation-model/*"],
        ),
        ("model", OPEN, ["arn:aws:bedrock:*::foundation-model/*", f"arn:aws:bedrock:{HERE}:*"]),
        ("new-secret", "s", [f"arn:aws:secretsmanager:{HERE}:secret:s-??????"]),
        ("new-secret", OPEN, [f"arn:aws:secretsmanager:{HERE}:secret:*"]),
        ("ou", "ou-1", ["…ou-1"]),
        ("ou", "r-1", []),
        ("parameter", "/a/b", ["…a/b"]),
        ("parameter", "a", ["…a"]),
        ("parameter", "a:3", ["…a"]),
        ("parameter", "/", ["…*"]),
        ("parameter", OPEN, ["…*"]),
        ("parameter", PARAMETER, ["…${Name}", f"arn:aws:ssm:{HERE}:parameter${{Name}}"]),
        ("partiql", "SELECT * FROM t", ["…t"]),
        ("partiql", 'select a from "t"."i" where b', ["…t/index/i"]),
        ("partiql", Text.of('update "', PARAMETER, '" set a=1'), ["…${Name}"]),
        ("partiql", OPEN, ["…*"]),
        ("path", "r", ["…r", "…*/r"]),
        ("prompt", f"arn:aws:bedrock:{HERE}:prompt/p", [f"arn:aws:bedrock:{HERE}:prompt/p"]),
        ("prompt", MODEL, []),
        ("queue", "https://sqs.eu-west-1.amazonaws.com/111122223333/q", [f"arn:aws:sqs:{HERE}:q"]),
        ("org-account", "111122223333", ["…111122223333"]),
        ("org-account", "ou-1", []),
        ("org-policy", "p-1", ["…p-1"]),
        ("org-policy", "ou-1", []),
        ("root", "r-1", ["…r-1"]),
        ("root", "ou-1", []),
        ("s3-uri", "s3://b/k", ["…b/k"]),
        ("s3-uri", "https://b.s3.eu-west-1.amazonaws.com/k", ["…b/k"]),
        ("s3-uri", "https://s3.amazonaws.com/b/k", ["…b/k"]),
        ("s3-uri", OPEN, ["…*"]),
        ("secret", "s", [f"arn:aws:secretsmanager:{HERE}:secret:s-??????"]),
        ("secret", OPEN, ["arn:aws:secretsmanager:eu-west-1:*:secret:*"]),
        (
            "secret",
            f"arn:aws:secretsmanager:{HERE}:secret:long-name-x",
            [f"arn:aws:secretsmanager:{HERE}:secret:long-name-x-??????"],
        ),
        ("ses-identity", f"arn:aws:ses:{HERE}:identity/a", [f"arn:aws:ses:{HERE}:identity/a"]),
        ("stack", "s", ["…s"]),
        ("stack", f"arn:aws:cloudformation:{HERE}:stack/s/1", [f"arn:aws:cloudformation:{HERE}:stack/s/1"]),
        ("timestream", 'SELECT * FROM "d"."t"', ["…d/table/t"]),
        ("topic", f"arn:aws:sns:{HERE}:t", [f"arn:aws:sns:{HERE}:t"]),
        ("topic", f"arn:aws:sns:{HERE}:endpoint/APNS/app/1", ["*"]),
        ("key", "1234", [f"arn:aws:kms:{HERE}:key/1234"]),
        ("key", "alias/a", [f"arn:aws:kms:{HERE}:key/*"]),
        ("key", OPEN, ["arn:aws:kms:eu-west-1:*:key/*"]),
        ("used-key", f"arn:aws:kms:{HERE}:key/1", [f"arn:aws:kms:{HERE}:key/1"]),
        ("used-key", "arn:aws:kms:eu-west-1:444455556666:alias/a", ["arn:aws:kms:eu-west-1:444455556666:key/*"]),
        ("waf-scope", "REGIONAL", ["…regional"]),
        ("waf-scope", "CLOUDFRONT", ["…global"]),
    ],
)  # fmt: skip
def test_a_value_names_its_resource(form: str, text: Text | str, expected: list[str]) -> None:
    assert named(form, text) == expected


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(
    "text",
    [
        Text(),
        Text.of(""),
        OPEN,
        PARAMETER,
        Text.of("arn:aws:", OPEN),
        Text.of("a", OPEN, "b", PARAMETER),
        Text.of("arn:aws:x:y:z:", PARAMETER, "/", OPEN),
        Text.of("\ue000"),
        Text.of(":" * 50 + "/" * 50 + "<@>"),
        Text.of(Reference("Fn::GetAtt", "X.Arn", Kind.ARN, "X", "AWS::X::Y")),
    ],
)
def test_every_form_answers_whatever_it_is_given(form: str, text: Text) -> None:
    for each in FORMS[form](text, DEPLOYMENT):
        assert Text.of(each.text) == each.text
        assert not (each.is_arn and each.text == Text())


def test_a_text_is_marked_and_read_back() -> None:
    text = Text.of("a", Unknown("why"), "b", PARAMETER)
    marked = Marked.of(text)

    assert marked is not None
    assert marked.text(marked.string) == text


def test_characters_that_marks_are_made_of_are_not_taken_for_marks() -> None:
    assert Marked.of(Text.of("a\ue000b")) is None

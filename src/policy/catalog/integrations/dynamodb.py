"""Amazon DynamoDB: the four item APIs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import REQUEST_RESPONSE, ArgumentArn, Grant, Integration

_TABLE = ArgumentArn("TableName", "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}")

INTEGRATIONS = tuple(
    Integration(
        service="dynamodb",
        api=api,
        patterns=REQUEST_RESPONSE,
        grants=(Grant((action,), _TABLE),),
        requires=("TableName",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html",
        basis=Basis.DOCUMENTED,
        note="The page prints all four item actions together; a role needs the one that its state calls.",
    )
    for api, action in (
        ("getItem", "dynamodb:GetItem"),
        ("putItem", "dynamodb:PutItem"),
        ("updateItem", "dynamodb:UpdateItem"),
        ("deleteItem", "dynamodb:DeleteItem"),
    )
)

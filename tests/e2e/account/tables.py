"""DynamoDB by moto: localstack would download DynamoDB Local and a Java virtual machine to run it with."""

from __future__ import annotations

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.plugins import SERVICE_PLUGINS, Service


class Tables(DynamodbApi):
    """Implements nothing itself, so that everything falls back to moto."""


def install() -> None:
    """Answer DynamoDB's calls by moto."""
    SERVICE_PLUGINS.add_service(Service.for_provider(Tables(), dispatch_table_factory=MotoFallbackDispatcher))

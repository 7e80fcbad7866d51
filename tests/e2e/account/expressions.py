"""JSONata in Python: localstack would download a Java virtual machine for it."""

from __future__ import annotations

import json
from typing import Any

from jsonata.jsonata import Jsonata
from localstack.services.stepfunctions.asl.jsonata import jsonata

UNKNOWN = "UNKNOWN"  # what localstack itself calls every error of an expression


def install() -> None:
    """Evaluate JSONata here."""
    # Set before anybody asks for it, this is what localstack calls instead of starting its own.
    jsonata._eval_jsonata = evaluate  # noqa: SLF001 - there is no other way in


def evaluate(expression: str) -> Any:
    try:
        # The library's own lists and numbers, as plain JSON.
        return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise jsonata.JSONataException(UNKNOWN, str(error)) from error

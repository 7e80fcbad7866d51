from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

# What costs more than all the rest together and only some invocations need.
COSTLY = ("boto3", "botocore.session", "botocore.client", "aws_xray_sdk", "jsonata", "concurrent.futures.thread")

PROGRAM = """
import json, sys
import sfn_least_privilege.handler.app
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """What a cold start imports."""
    # Tracing on, as where it costs most: the SDK still waits for an invocation that is sampled.
    environment = {**os.environ, "AWS_LAMBDA_FUNCTION_NAME": "macro", "LAMBDA_TASK_ROOT": "."}
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True, text=True
    )
    return set(json.loads(program.stdout))


@pytest.mark.parametrize("module", COSTLY)
def test_a_cold_start_leaves_costly_modules_alone(imported: set[str], module: str) -> None:
    assert "sfn_least_privilege.policy.pipeline" in imported
    assert module not in imported

"""An AWS account on this machine: localstack, with what it would download or run in Docker replaced.

Runs in localstack's own environment. What the replacements need to know is in the environment variables ``E2E_*``.
"""

from __future__ import annotations

import calls
import ending
import expressions
import functions
import network
import roles
import tables
import transforms
from localstack.runtime.main import main

for replacement in (ending, network, calls, transforms, roles, functions, tables, expressions):
    replacement.install()
main()

"""What a JSONata expression of a state can be, told before any execution.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (Step Functions' rules for JSONata) and
https://docs.jsonata.org (the language).
"""

from sfn_least_privilege.policy.asl.jsonata.evaluator import evaluate
from sfn_least_privilege.policy.asl.jsonata.syntax import JsonataSyntaxError, body, is_expression

__all__ = ["JsonataSyntaxError", "body", "evaluate", "is_expression"]

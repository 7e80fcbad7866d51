"""What the JSONPath query language makes of a state's data, as far as it can be known before the workflow runs.

Paths, intrinsic functions and payload templates in, a Value that covers every possible run out.
https://states-language.net/spec.html#jsonpath-concepts and
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from sfn_least_privilege.policy.asl.jsonpath.evaluation import evaluate
from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.asl.jsonpath.templates import instantiate
from sfn_least_privilege.policy.asl.jsonpath.walking import Frame, walk
from sfn_least_privilege.policy.asl.jsonpath.writing import write

__all__ = ["Frame", "JsonPathSyntaxError", "evaluate", "instantiate", "walk", "write"]

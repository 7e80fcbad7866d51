"""CloudFormation's intrinsic functions: what a template's JSON value is known to be, one function a module.

Source of every rule here that names no other:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from sfn_least_privilege.policy.template.intrinsics.resolver import resolve, resolve_pieces

__all__ = ["resolve", "resolve_pieces"]

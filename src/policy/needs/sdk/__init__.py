"""What a call of an AWS SDK integration requires of the role."""

from sfn_least_privilege.policy.needs.sdk.calls import sdk_needs

__all__ = ["sdk_needs"]

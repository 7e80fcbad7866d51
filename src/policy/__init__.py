"""The engine: a CloudFormation template in, the same template with a role for every state machine out.

Nothing below this package does input or output, and nothing imports an AWS SDK.
The way through it is ``read → understand → need → grant → write``; ``pipeline`` shows it.
"""

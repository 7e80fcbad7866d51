"""Transforms as CloudFormation does them, where localstack does them otherwise.

- Before the first transform localstack resolves every reference in search of ``Fn::Transform``, and refuses what only
  SAM knows, such as ``!Ref Function.Alias``.
- It gives a macro the Transform section as a part of the template; AWS leaves it out:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
"""

from __future__ import annotations

import json
from typing import Any

from localstack.services.cloudformation.engine.v2.change_set_model_transform import ChangeSetModelTransform

# There is no other way in than by what is private.
search = ChangeSetModelTransform._execute_local_transforms  # noqa: SLF001
invoke = ChangeSetModelTransform._invoke_macro  # noqa: SLF001


def install() -> None:
    """Transform as CloudFormation does."""
    ChangeSetModelTransform._execute_local_transforms = search_where_needed  # noqa: SLF001
    ChangeSetModelTransform._invoke_macro = invoke_without_section  # noqa: SLF001


def search_where_needed(self: ChangeSetModelTransform) -> None:
    templates = (self._before_template, self._after_template)
    if any("Fn::Transform" in json.dumps(template, default=str) for template in templates):
        search(self)


def invoke_without_section(
    self: ChangeSetModelTransform, name: str, parameters: Any, fragment: Any, **options: Any
) -> Any:
    without = {key: value for key, value in fragment.items() if key != "Transform"}
    return invoke(self, name=name, parameters=parameters, fragment=without, **options)

"""Which resources of a template wait for which others.

CloudFormation makes a resource after those that it names in ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` or ``DependsOn``:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLACEHOLDER = re.compile(r"\$\{([^!{}.][^{}.]*)(?:\.[^{}]*)?\}")


class Dependencies:
    """The resources that each resource waits for, found when they are asked for, and once."""

    def __init__(self, resources: Mapping[str, Any], coming: Iterable[str] = ()) -> None:
        """Take the template's ``Resources``, and the logical ids of resources that are still to come."""
        self._resources = resources
        self._coming = frozenset(coming)
        self._direct: dict[str, frozenset[str]] = {}
        self._certain: dict[str, frozenset[str]] = {}

    def direct(self, logical_id: str) -> frozenset[str]:
        """The resources that a resource names itself."""
        if logical_id not in self._direct:
            resource = self._resources.get(logical_id)
            metadata = resource.get("Metadata") if isinstance(resource, dict) else None
            self._direct[logical_id] = self.certain(logical_id) | self._known(names_in(metadata))
        return self._direct[logical_id]

    def certain(self, logical_id: str) -> frozenset[str]:
        """Those of them that it names outside of its metadata, of which nobody documents whether they make it wait."""
        if logical_id not in self._certain:
            resource = self._resources.get(logical_id)
            fields = resource.items() if isinstance(resource, dict) else ()
            self._certain[logical_id] = self._known(names_in({key: node for key, node in fields if key != "Metadata"}))
        return self._certain[logical_id]

    def _known(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in names if name in self._resources or name in self._coming)

    def add(self, logical_id: str, names: Iterable[str]) -> None:
        """From now on ``logical_id`` waits for ``names`` too, those of them that are resources."""
        more = self._known(names)
        if more:
            self._direct[logical_id] = self.direct(logical_id) | more
            self._certain[logical_id] = self.certain(logical_id) | more

    def waits_for(self, origins: Iterable[str], target: str) -> frozenset[str]:
        """Those of ``origins`` that are ``target``, or wait for it, directly or through others."""
        reaching: dict[str, bool] = {target: True}
        return frozenset(each for each in origins if self._reaches(each, reaching))

    def _reaches(self, origin: str, reaching: dict[str, bool]) -> bool:
        # Every resource is left once all that it waits for is known; one that is met on the way again is a circle of
        # the template's own, through which nothing new is reached.
        waiting = [(origin, iter(self.direct(origin)))] if origin not in reaching else []
        if waiting:
            reaching[origin] = False
        while waiting:
            current, following = waiting[-1]
            for each in following:
                if each not in reaching:
                    reaching[each] = False
                    waiting.append((each, iter(self.direct(each))))
                    break
                if reaching[each]:
                    reaching[current] = True
            else:
                waiting.pop()
                if waiting and reaching[current]:
                    reaching[waiting[-1][0]] = True
        return reaching[origin]


def names_in(node: Any) -> set[str]:
    """The logical ids, and other names, that a part of a template refers to."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            for key, value in each.items():
                found.update(_named(str(key), value))
                waiting.append(value)
    return found


def _named(key: str, value: Any) -> Iterable[str]:
    if key == "Ref" and isinstance(value, str):
        return (value,)
    if key == "Fn::GetAtt":
        attribute = value[0] if isinstance(value, list) and value else value
        return (attribute.partition(".")[0],) if isinstance(attribute, str) else ()
    if key == "Fn::Sub":
        text = value[0] if isinstance(value, list) and value else value
        return _PLACEHOLDER.findall(text) if isinstance(text, str) else ()
    if key == "DependsOn":
        return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
    return ()

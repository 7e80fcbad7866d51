"""Parameters spelled as an API has them: Step Functions takes the first letter either way, and objects for strings."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.model import ServiceModel
from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import Shape


def conform(value: Any, shape: Shape) -> Any:
    """A value in the form of an API's shape. What the shape does not know stays, so that botocore refuses it.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html: parameters are in Pascal
    case whatever the API's own, and AWS matches them without regard to case.
    """
    if value is None:
        return None
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            members = {name.lower(): (name, member) for name, member in shape.members.items()}
            conformed = {}
            for name, each in value.items():
                known = members.get(name.lower())
                conformed[known[0] if known else name] = conform(each, known[1]) if known else each
            return {name: each for name, each in conformed.items() if each is not None}
        case "list" if isinstance(value, list):
            return [conform(each, shape.member) for each in value]
        case "map" if isinstance(value, dict):
            return {name: conform(each, shape.value) for name, each in value.items()}
        case "string" if not isinstance(value, str):
            return json.dumps(value)
        case "blob" if not isinstance(value, bytes):
            return (value if isinstance(value, str) else json.dumps(value)).encode()
        case "integer" | "long" if isinstance(value, float):
            return int(value)
    return value


def present(response: dict[str, Any], service: str, method: str, spell: Callable[[str], str]) -> None:
    """Rename a response's members, in place, to what ``spell`` makes of them; dates become text."""
    shape = _outputs(service).get(method)
    renamed = dict(_presented(response, shape, spell))
    response.clear()
    response.update(renamed)


def _presented(value: Any, shape: Shape | None, spell: Callable[[str], str]) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    kind = shape.type_name if shape is not None else None
    if kind == "structure" and isinstance(value, dict):
        return {
            spell(name) if name in shape.members else name: _presented(each, shape.members.get(name), spell)
            for name, each in value.items()
        }
    if kind == "list" and isinstance(value, list):
        return [_presented(each, shape.member, spell) for each in value]
    if kind == "map" and isinstance(value, dict):
        return {name: _presented(each, shape.value, spell) for name, each in value.items()}
    return value


@cache
def _outputs(service: str) -> dict[str, Shape | None]:
    """The output shape of each operation of a service, by the name of its method."""
    loader = Session().get_component("data_loader")
    if service not in loader.list_available_services("service-2"):
        return {}
    model = ServiceModel(loader.load_service_model(service, "service-2"), service)
    return {xform_name(name): model.operation_model(name).output_shape for name in model.operation_names}

"""What calls of CodeBuild are authorised on: the project behind a build, the group behind a report.

https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-access-control-identity-based.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of, is_arn, name_or_arn
from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5


def project_of_build(build: Text, template: str, deployment: Deployment) -> Text:
    """The project of a build or a batch, named ``project:number`` or by its ARN; the account may be another's."""
    return _behind(build, template, deployment)


def own_project(project: Text, template: str, deployment: Deployment) -> Text:
    """A project named by its name or its ARN; one that only a run names is of the own account."""
    if is_arn(project) is None:
        return arn.build(template, deployment, unknown(_why(project)))
    return name_or_arn(project, template, deployment)


def own_project_of_batch(batch: Text, template: str, deployment: Deployment) -> Text:
    """The project of a batch; of one that only a run names, a project of the own account."""
    if is_arn(batch) is None:
        return arn.build(template, deployment, unknown(_why(batch)))
    return _behind(batch, template, deployment)


def group_of_report(report: Text, template: str, deployment: Deployment) -> Text:
    """The report group of a report, which is named by its ARN: ``…:report/group:number``."""
    return _behind(report, template, deployment)


def _behind(text: Text, template: str, deployment: Deployment) -> Text:
    begins_as_arn = is_arn(text)
    if begins_as_arn is None:
        return anything_of(template, deployment, _why(text))
    if begins_as_arn is False:
        return arn.build(template, deployment, _until_colon(text.parts))
    head = text.cut(":", _RESOURCE)
    if head is None:
        return anything_of(template, deployment, _why(text))
    name = _until_colon(_after_slash(_resource(text)))
    return arn.build(template, deployment, name, account_id=head[_ACCOUNT], region=head[_REGION])


def _why(text: Text) -> str:
    return text.unknowns[0].reason if text.unknowns else "its parts are not known here"


def _resource(text: Text) -> tuple[Part, ...]:
    """What stands behind the fifth colon, all of which stand literally."""
    colons = _RESOURCE
    for index, part in enumerate(text.parts):
        if not isinstance(part, Literal):
            continue
        pieces = part.value.split(":", colons)
        if len(pieces) > colons:
            return Text.of(pieces[-1], *text.parts[index + 1 :]).parts
        colons -= len(pieces) - 1
    return ()  # pragma: no cover -- whoever asks has counted them


def _after_slash(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The name in ``build/name:number``."""
    first = parts[0] if parts else Literal("")
    if isinstance(first, Literal) and "/" in first.value:
        return Text.of(first.value.partition("/")[2], *parts[1:]).parts
    return (Unknown("its resource is not known here"),)


def _until_colon(parts: tuple[Part, ...]) -> Text:
    """What stands before the first colon, as far as it is known; an unknown part may hold the colon itself."""
    known: list[Part] = []
    for part in parts:
        if isinstance(part, Literal) and ":" in part.value:
            return Text.of(*known, part.value.partition(":")[0])
        if isinstance(part, Reference) and part.sample is not None and ":" in part.sample:
            return Text.of(*known, arn.select(0, ":", part))
        known.append(part)
        if isinstance(part, Unknown):
            break
    return Text.of(*known)

"""The queues, templates and presets that a MediaConvert job touches.

https://docs.aws.amazon.com/mediaconvert/latest/apireference/jobs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.own_account import own_account_arn
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import Guarded, Missing, as_text, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.value import Guards

_QUEUE = "arn:{Partition}:mediaconvert:{Region}:{AccountId}:queues/{}"
_TEMPLATE = "arn:{Partition}:mediaconvert:{Region}:{AccountId}:jobTemplates/{}"
_PRESET = "arn:{Partition}:mediaconvert:{Region}:{AccountId}:presets/{}"
_DEFAULT_QUEUE = Text.of("Default")
_OF_TEMPLATE = unknown("the job template may name one")


def queues(call: Call) -> Iterator[Guarded]:
    """The job's queue and those it may hop to; where none is given the template's, or else the default one."""
    yield from _named("Queue", _QUEUE, call)
    yield from _named("HopDestinations[].Queue", _QUEUE, call)
    deployment = call.surroundings.deployment
    for guards in _where_missing("Queue", call):
        for template_guards, template in leaves_at("JobTemplate", call.arguments):
            both = merge_guards(guards, template_guards)
            if both is not None:
                queue = _DEFAULT_QUEUE if isinstance(template, Missing) else _OF_TEMPLATE
                yield Guarded(arn.build(_QUEUE, deployment, queue), both)


def job_templates(call: Call) -> Iterator[Guarded]:
    """The template that the job is made by."""
    return _named("JobTemplate", _TEMPLATE, call)


def presets(call: Call) -> Iterator[Guarded]:
    """The presets that the outputs name, and those that a template may."""
    templates = [guards for guards, leaf in leaves_at("JobTemplate", call.arguments) if not isinstance(leaf, Missing)]
    for guards in templates:
        yield Guarded(arn.build(_PRESET, call.surroundings.deployment, _OF_TEMPLATE), guards)
    if () not in templates:
        yield from _named("Settings.OutputGroups[].Outputs[].Preset", _PRESET, call)


def _named(argument: str, template: str, call: Call) -> Iterator[Guarded]:
    for guards, leaf in leaves_at(argument, call.arguments):
        if not isinstance(leaf, Missing):
            yield Guarded(own_account_arn(as_text(leaf), template, call.surroundings.deployment), guards)


def _where_missing(argument: str, call: Call) -> Iterator[Guards]:
    for guards, leaf in leaves_at(argument, call.arguments):
        if isinstance(leaf, Missing):
            yield guards

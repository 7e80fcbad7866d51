"""Names of members, variables and resource types as words, so that `DBInstanceIdentifier` meets `DbInstanceName`."""

from __future__ import annotations

import re
from functools import cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMING = ("name", "id", "identifier", "arn", "url", "key")


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `TopicArns` is `topic`, `arns`."""
    # `ARNs`, `IDs`: the acronym would swallow the plural's letter.
    return tuple(
        word.lower()
        for word in _WORDS.findall(name.replace("ARNs", "Arns").replace("ARN", "Arn").replace("IDs", "Ids"))
    )


@cache
def singular(word: str) -> str:
    """The singular of a plural, as far as its ending tells it."""
    if word.endswith("ies") and len(word) > len("dies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@cache
def joined(name: str) -> str:
    """All words as one, the last in the singular."""
    return _together(list(words(name)))


@cache
def stem(name: str) -> str:
    """What a name is about: without `Name`, `Id`, `Arn` and the like at its end."""
    found = list(words(name))
    while found and singular(found[-1]) in _NAMING:
        found.pop()
    return _together(found)


def _together(found: list[str]) -> str:
    return "".join([*found[:-1], *map(singular, found[-1:])])


@cache
def naming(name: str) -> str:
    """In which way a name names: `name`, `id`, `arn`, `url`, or nothing of these."""
    found = words(name)
    last = singular(found[-1]) if found else ""
    return {"identifier": "id"}.get(last, last) if last in _NAMING else ""

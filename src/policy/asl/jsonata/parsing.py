"""From the text of an expression to its syntax tree."""

from __future__ import annotations

import re
from functools import lru_cache

from sfn_least_privilege.policy.asl.jsonata.grammar import raw_tree
from sfn_least_privilege.policy.asl.jsonata.limits import MAX_CHARACTERS, TooComplexError
from sfn_least_privilege.policy.asl.jsonata.nodes import Name, Path, Program, Step, Variable
from sfn_least_privilege.policy.asl.jsonata.syntax import JsonataSyntaxError
from sfn_least_privilege.policy.asl.jsonata.translation import translate
from sfn_least_privilege.policy.template.tokens import OPEN

_WORD = r"(?!(?:and|or|in|true|false|null)\b)[A-Za-z_][A-Za-z0-9_]*"
_REFERENCE = re.compile(rf"[ \t\n\r]*\$([A-Za-z_][A-Za-z0-9_]*)((?:\.{_WORD})*)[ \t\n\r]*")
# `\ufdd0` written as an escape would pass for a placeholder's token once it is resolved.
_ESCAPED_TOKEN = re.compile(r"\\u[fF][dD][dD][01]")


@lru_cache(maxsize=4096)
def parse(expression: str) -> Program:
    """Parse an expression, without its delimiters.

    Raises JsonataSyntaxError, and TooComplexError with the reason where it is not analysed at all.
    """
    if len(expression) > MAX_CHARACTERS:
        message = f"the expression is longer than {MAX_CHARACTERS} characters"
        raise TooComplexError(message)
    if _ESCAPED_TOKEN.search(expression):
        message = "the expression escapes a character that stands for no text"
        raise TooComplexError(message)
    reference = _REFERENCE.fullmatch(expression)
    if reference is not None:
        # Most expressions are just this, and then nothing of the library is needed.
        return _reference(reference[1], reference[2])
    try:
        return translate(raw_tree(expression))
    except JsonataSyntaxError:
        if OPEN in expression:
            message = "a placeholder in the expression stands outside a string"
            raise TooComplexError(message) from None
        raise


def _reference(variable: str, path: str) -> Program:
    root = Variable(variable)
    if not path:
        return Program(root)
    names = (Step(Name(name)) for name in path.split(".")[1:])
    return Program(Path((Step(root), *names), keep=False))

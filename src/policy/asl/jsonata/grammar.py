"""The parser of ``jsonata-python``, loaded when it is first needed and kept within bounds.

Only its first half is used: the Pratt parser that makes a raw tree. Its second half rewrites that tree by
recursion, in place, and doubles the work at each ``??``; :mod:`.translation` does that work here.
"""

from __future__ import annotations

import re
import sys
import threading
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonata.limits import MAX_NESTING, MAX_TOKENS, TooComplexError
from sfn_least_privilege.policy.asl.jsonata.syntax import JsonataSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMENTS = re.compile(r"(?:[ \t\n\r]*/\*(?s:.*?)\*/)+")
_TOO_DEEP = "the expression is nested too deeply to analyse"
_TOO_LONG = "the expression is too long to analyse"
_thread = threading.local()


def raw_tree(expression: str) -> Any:
    """The raw tree of an expression, made of the library's ``Symbol`` objects.

    Raises JsonataSyntaxError, and TooComplexError where the expression goes beyond the limits.
    """
    grammar, library_error = _library()
    parser = getattr(_thread, "parser", None)
    if parser is None:
        # Making one costs several times as much as parsing with it.
        parser = _thread.parser = grammar()
    parser.depth = parser.tokens = 0
    try:
        return parser.parse(expression, lambda pattern, _flags: pattern)
    except TooComplexError:
        raise
    except RecursionError:
        # Only where the caller itself stands near the interpreter's limit.
        raise TooComplexError(_TOO_DEEP) from None
    except library_error as error:
        raise JsonataSyntaxError(_in_prose(str(error)), error.location) from None
    except LookupError:
        # The tokenizer has run off the end, or met a character that no operator has.
        message = "it ends too early, or a character is not expected here"
        raise JsonataSyntaxError(message, parser.lexer.position) from None
    except Exception as error:  # whatever else it fails by may be a gap in the library
        message = "the expression holds something that the parser does not know"
        raise TooComplexError(message) from error


def _in_prose(message: str) -> str:
    return message[:1].lower() + message[1:160]


@cache
def _library() -> tuple[Callable[[], Any], type[Any]]:
    limit = sys.getrecursionlimit()
    # 40 ms, which only definitions that need it should cost; and the library has no types.
    library_error = import_module("jsonata.jexception").JException
    parser: Any = import_module("jsonata.parser").Parser
    # The library raises the limit of the whole process tenfold when it is imported.
    sys.setrecursionlimit(limit)

    def process_ast(_self: Any, raw: Any) -> Any:
        return raw

    def advance(self: Any, id: Any = None, infix: Any = False) -> Any:  # noqa: A002, FBT002 -- the library's names
        self.tokens += 1
        if self.tokens > MAX_TOKENS:
            raise TooComplexError(_TOO_LONG)
        # The library's tokenizer skips comments by recursion, and fails at one that ends the expression.
        comments = _COMMENTS.match(self.source, self.lexer.position)
        if comments is not None:
            self.lexer.position = comments.end()
        return parser.advance(self, id, infix)

    def expression(self: Any, rbp: int) -> Any:
        if self.depth >= MAX_NESTING:
            raise TooComplexError(_TOO_DEEP)
        self.depth += 1
        result = parser.expression(self, rbp)
        self.depth -= 1
        return result

    # Made here because the class it builds on is not there before the import.
    grammar = type("Grammar", (parser,), {"process_ast": process_ast, "advance": advance, "expression": expression})
    return grammar, library_error

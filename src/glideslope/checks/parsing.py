"""From text to the tree that the rules read."""

import ast
import contextlib
import re
import warnings

_ASYNC = re.compile(r"\basync(?=\s*=[^=])")


def parse(text: str) -> ast.Module:
    """The tree of a script; of one from before Python 3.7, where ``async`` was a name, too.

    Raises SyntaxError, ValueError, RecursionError and MemoryError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python, about the text of somebody else
        try:
            return ast.parse(text)
        except SyntaxError:
            older = _ASYNC.sub("a_ync", text)  # as long, so that every place stays where it is
            if older != text:
                with contextlib.suppress(SyntaxError):
                    return ast.parse(older)
            raise

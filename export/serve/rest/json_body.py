"""A request's body to a JSON object, strictly.

The server parses with RapidJSON; the faults are named here as RapidJSON names them.
Beyond it, three things that it lets through are refused, because none of them can
be meant: keys that repeat, text that is not UTF-8, and nesting of a depth that no
tensor has.
"""

import json
import re
from collections import Counter

from export.runtime.status import Code, StatusError

_MAX_SHOWN_CHARS = 1024

# What Python's parser says, and what RapidJSON says of the same.
_FAULTS = {
    "Expecting value": "Invalid value.",
    "Illegal trailing comma before end of object": "Missing a name for object member.",
    "Illegal trailing comma before end of array": "Invalid value.",
    "Expecting property name enclosed in double quotes": (
        "Missing a name for object member."
    ),
    "Expecting ':' delimiter": "Missing a colon after a name of object member.",
    "Expecting ',' delimiter": "Missing a comma or closing bracket after a value.",
    "Extra data": "The document root must not be followed by other values.",
    "Unterminated string starting at": "Missing a closing quotation mark in string.",
    "Invalid control character at": "Invalid encoding in string.",
    "Invalid \\escape": "Invalid escape character in string.",
    "Invalid \\uXXXX escape": "Incorrect hex digit after \\u escape in string.",
}
# Half of a surrogate pair, or a whole one.
_MAYBE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Constant(float):
    """`NaN`, `Infinity` or `-Infinity`, which is no number that was too big."""


def parse(body: bytes) -> dict:
    """Reads a JSON object.

    Args:
        body: UTF-8. `NaN`, `Infinity` and `-Infinity` are numbers here.

    Raises:
        StatusError: INVALID_ARGUMENT, with the fault and where it is.
    """
    if not body:
        raise _parse_error("The document is empty")
    try:
        document = _load(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"Invalid encoding in string. at offset: {error.start}"
        raise _parse_error(message) from error
    except json.JSONDecodeError as error:
        raise _parse_error(_describe(error)) from error
    except ValueError as error:
        # An integer of more digits than Python would read.
        raise too_big() from error
    except RecursionError as error:
        raise _parse_error("Too many nested lists or objects.") from error
    if not isinstance(document, dict):
        raise invalid(f"JSON Value: {show(document)} Is not object")
    return document


def _load(text):
    document = json.loads(
        text, object_pairs_hook=_without_repeats, parse_constant=Constant
    )
    if _MAYBE_SURROGATE.search(text):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            message = "The surrogate pair in string is invalid."
            raise _parse_error(message) from error
    return document


def _without_repeats(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise _parse_error(f"The name {show(name)} is repeated in an object.")
    return members


def _describe(error):
    offset = len(error.doc[: error.pos].encode("utf-8", "surrogatepass"))
    return f"{_FAULTS.get(error.msg, error.msg)} at offset: {offset}"


def show(value: object) -> str:
    """A JSON value as text for a message; a long one is cut."""
    pieces = json.JSONEncoder(indent=4, ensure_ascii=False).iterencode(value)
    shown = ""
    for piece in pieces:
        # A string that is refused may hold half of a surrogate pair.
        shown += piece.encode("utf-8", "replace").decode()
        if len(shown) > _MAX_SHOWN_CHARS:
            return f"{shown[:_MAX_SHOWN_CHARS]}...TRUNCATED"
    return shown


def too_big() -> StatusError:
    """What is said of a number beyond a double's range."""
    return _parse_error("Number too big to be stored in double.")


def invalid(message: str) -> StatusError:
    """An INVALID_ARGUMENT to raise."""
    return StatusError(Code.INVALID_ARGUMENT, message)


def _parse_error(what):
    return invalid(f"JSON Parse error: {what}")

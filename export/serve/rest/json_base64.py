"""Bytes that are not text, which JSON holds as `{"b64": ...}`."""

import base64

from export.serve.rest.json_body import invalid

_WHITE_SPACE = b" \t\n\v\f\r"


def is_base64(value: object) -> bool:
    """Whether a value is an object that stands for bytes."""
    return (
        isinstance(value, dict)
        and len(value) == 1
        and isinstance(value.get("b64"), str)
    )


def decode_base64(value: dict) -> bytes:
    """The bytes; as in the server, there may be white space, and no padding.

    Raises:
        StatusError: INVALID_ARGUMENT; it is not base64, or of the kind for URLs.
    """
    try:
        return base64.b64decode(value["b64"], validate=True)
    except ValueError:
        return _decode_loosely(value["b64"])


def _decode_loosely(text):
    try:
        data = text.encode("ascii").translate(None, _WHITE_SPACE).rstrip(b"=.")
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except ValueError as error:
        raise invalid("Unable to base64 decode") from error

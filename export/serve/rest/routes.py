"""What a method and a path ask for.

Model names may be percent-encoded, so a path is read as it was sent, its query
included; that is why no router which sees decoded paths is used here.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from export.protocol import ModelSpec
from export.serve.rest.json_body import invalid

_INT64_MAX = 2**63 - 1
# /versions/N and /labels/L exclude each other; so does the server's grammar.
_CHOICE = r"(?:/versions/(?P<version>[0-9]+)|/labels/(?P<label>[^/:]+))?"
_API = re.compile(r"/v1/", re.IGNORECASE)
_POST = re.compile(
    rf"/v1/models/(?P<model>[^/:]+){_CHOICE}:(?P<verb>classify|regress|predict)",
    re.IGNORECASE,
)
_GET = re.compile(
    rf"/v1/models(?:/(?P<model>[^/:]+))?{_CHOICE}(?:/(?P<verb>metadata))?",
    re.IGNORECASE,
)
_GRAMMARS = {"POST": _POST, "GET": _GET}
_POST_VERBS = ("classify", "regress", "predict")


@dataclass(frozen=True)
class Route:
    """A call, and the model that it is for.

    Attributes:
        verb: `predict`, `classify`, `regress`, `status` or `metadata`.
        spec: name, and version or label; without a signature.
    """

    verb: str
    spec: ModelSpec


def is_api(path: str) -> bool:
    """Whether a path is the REST API's, well formed or not."""
    return bool(_API.match(path))


def read_route(method: str, path: str) -> Route:
    """Reads a request line.

    Args:
        method: in capitals.
        path: as it was sent, with its query.

    Raises:
        StatusError: INVALID_ARGUMENT, in the server's words.
    """
    grammar = _GRAMMARS.get(method)
    match = grammar.fullmatch(path) if grammar else None
    # Of the words in a path only the verb's capitals matter to the server.
    if not match or (method == "POST" and match["verb"] not in _POST_VERBS):
        raise invalid(f"Malformed request: {method} {path}")
    if method == "GET" and not match["model"]:
        raise invalid("Missing model name in request.")
    verb = match["verb"] if match["verb"] in (*_POST_VERBS, "metadata") else "status"
    spec = ModelSpec(name=_decode("model name", match["model"]))
    if match["version"]:
        spec.version.value = _read_version(match["version"])
    if match["label"]:
        spec.version_label = _decode("model version label", match["label"])
    return Route(verb, spec)


def _decode(what, text):
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise invalid(f"Failed to decode {what}:{text}") from error


def _read_version(digits):
    if len(digits) > 19 and len(digits.lstrip("0")) > 19 or int(digits) > _INT64_MAX:
        raise invalid(f"Failed to convert version: {digits} to numeric.")
    return int(digits)

"""JSON laid out as the server lays it out.

The server uses RapidJSON's PrettyWriter: four spaces a level, each element of a list
on its own line unless lists are told to stay on one, objects always spread out.
Clients that compare bytes, and people who compare screens, see no difference.
"""

import re

import numpy as np

_INDENT = "    "
# As many digits as tell any two numbers of the type apart.
_DIGITS = {np.dtype(np.float32): 9, np.dtype(np.float64): 17}
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n",
    "\r": "\\r", "\t": "\\t",
}  # fmt: skip


def write_string(value: bytes | str) -> str:
    """A JSON string. Bytes that are not UTF-8 pass through `JsonWriter.encode`."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "surrogateescape")
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match):
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def write_decimals(array: np.ndarray) -> list[str]:
    """Decimals of six digits where that is exact, else of as many as it takes.

    Args:
        array: float32 or float64, any shape.
    """
    array = array.ravel()
    values = array.tolist()
    texts = [f"{value:.6g}" for value in values]
    with np.errstate(over="ignore"):
        shortened = np.array(texts, np.float64).astype(array.dtype)
    digits = _DIGITS[array.dtype]
    for index in np.flatnonzero((shortened != array) & np.isfinite(array)).tolist():
        texts[index] = f"{values[index]:.{digits}g}"
    return [_mark_decimal(text) for text in texts]


def _mark_decimal(text):
    if text in _NOT_FINITE:
        return _NOT_FINITE[text]
    return text if "." in text or "e" in text else f"{text}.0"


class JsonWriter:
    """Writes one JSON value, piece by piece.

    Attributes:
        one_line: whether the elements of lists follow each other on one line.
    """

    def __init__(self):
        self.one_line = False
        self._pieces = []
        # For each open list or object: whether it is a list, and what it holds.
        self._levels = []

    def start_list(self) -> None:
        self._open("[", is_list=True)

    def end_list(self) -> None:
        self._close("]", spread=not self.one_line)

    def start_object(self) -> None:
        self._open("{", is_list=False)

    def end_object(self) -> None:
        self._close("}", spread=True)

    def key(self, name: str) -> None:
        """The name of what is written next."""
        comma = "," if self._levels[-1][1] else ""
        self._levels[-1][1] += 1
        self._pieces.append(f"{comma}{self._new_line()}{write_string(name)}: ")

    def values(self, texts: list[str]) -> None:
        """Numbers or strings, each as JSON text, in the list or after the key."""
        if not texts:
            return
        if not self._levels[-1][0]:
            self._pieces.extend(texts)
            return
        between = ", " if self.one_line else f",{self._new_line()}"
        self._separate()
        self._levels[-1][1] += len(texts) - 1
        self._pieces.append(between.join(texts))

    def encode(self) -> bytes:
        """All that was written."""
        return "".join(self._pieces).encode("utf-8", "surrogateescape")

    def _open(self, bracket, is_list):
        if self._levels and self._levels[-1][0]:
            self._separate()
        self._levels.append([is_list, 0])
        self._pieces.append(bracket)

    def _close(self, bracket, spread):
        _, count = self._levels.pop()
        self._pieces.append(self._new_line() if spread and count else "")
        self._pieces.append(bracket)

    def _separate(self):
        comma = "," if self._levels[-1][1] else ""
        self._levels[-1][1] += 1
        if self.one_line:
            self._pieces.append(", " if comma else "")
        else:
            self._pieces.append(f"{comma}{self._new_line()}")

    def _new_line(self):
        return "\n" + _INDENT * len(self._levels)

"""What a page shows of a row of the data."""

from typing import Protocol

from mmtf.features import AUDIO, IMAGE, TEXT
from mmtf.report.media import picture, recording

_MAX_TEXT_CHARACTERS = 600


class Row(Protocol):
    """What is read of a row, as `pipelines.Row` has it."""

    id: str
    text: str
    image: bytes
    audio: bytes


def describe_row(row: Row) -> dict:
    """Its `text`, `picture`, `recording` and what is `absent`, for `row_content` of
    macros.html.j2."""
    contents = {TEXT: row.text, IMAGE: row.image, AUDIO: row.audio}
    return {
        "text": _cut(row.text),
        "picture": picture(row.image) if row.image else None,
        "recording": recording(row.audio) if row.audio else None,
        "absent": [name for name, content in contents.items() if not content],
    }


def _cut(text):
    if len(text) <= _MAX_TEXT_CHARACTERS:
        return text
    return text[:_MAX_TEXT_CHARACTERS].rstrip() + "\N{HORIZONTAL ELLIPSIS}"

"""Rows made ready to be sent: media read, turned upright, shrunk and re-encoded."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from export.client.options import Options
from mmtf.errors import InputError
from mmtf.features import AUDIO, IMAGE, TEXT

MAX_FILE_BYTES = 2**30
"""A larger file is turned down unread."""
GROUP_BYTES = 2**25
"""Rows go together into a request up to this size, or one alone if it is larger."""


@dataclass(frozen=True)
class PreparedRow:
    """A row as it is sent, and what of it cannot be."""

    inputs: dict[str, bytes]
    """By modality; empty for absent."""
    left_out: dict[str, str]
    """By modality, what is wrong with its file."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.inputs.values()))


def prepare_row(row: Mapping[str, str | bytes | None], options: Options) -> PreparedRow:
    """Reads a row's files.

    Args:
        row: any of `text`, and `image` and `audio`: the path of a file, or its bytes.
            What is empty or missing is absent.
        options: for `image_side` and `sample_rate_hz`.
    """
    inputs = {TEXT: (row.get(TEXT) or "").encode("utf-8", "replace")}
    left_out = {}
    for modality, prepare in _PREPARE.items():
        inputs[modality], source = b"", row.get(modality)
        try:
            if source:
                inputs[modality] = prepare(_read(source), options)
        except (OSError, ValueError) as error:
            left_out[modality] = getattr(error, "strerror", None) or str(error)
    return PreparedRow(inputs, left_out)


def check_whole(row: Mapping, prepared: PreparedRow) -> PreparedRow:
    """Passes on a row of which nothing is left out.

    Raises:
        InputError: a file of it cannot be used.
    """
    for modality, reason in prepared.left_out.items():
        source = row[modality]
        received = f"{len(source)} bytes" if isinstance(source, bytes) else repr(source)
        raise InputError(
            f"`{modality}` must be the path of a readable {modality} file. Received: "
            f"{received} ({reason})."
        )
    return prepared


def grouped(rows: Iterable[PreparedRow]) -> Iterator[list[PreparedRow]]:
    """Rows for one request each time; it holds about `GROUP_BYTES` in memory."""
    group, size = [], 0
    for row in rows:
        if group and size + row.size > GROUP_BYTES:
            yield group
            group, size = [], 0
        group.append(row)
        size += row.size
    if group:
        yield group


def say_left_out(left_out: Mapping[str, str]) -> str:
    """What of a row cannot be used, such as `image: a damaged image`."""
    return "; ".join(f"{modality}: {reason}" for modality, reason in left_out.items())


# Pillow and soundfile take a while to import, and a text needs neither.
def _prepare_image(data, options):
    from pipelines.media import prepare_image

    return prepare_image(data, image_side=options.image_side)


def _prepare_audio(data, options):
    from pipelines.media import prepare_audio

    return prepare_audio(data, sample_rate_hz=options.sample_rate_hz)


_PREPARE = {IMAGE: _prepare_image, AUDIO: _prepare_audio}


def _read(source):
    if isinstance(source, bytes):
        return source
    path = os.path.expanduser(source)
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("not a file")
    if status.st_size > MAX_FILE_BYTES:
        raise ValueError(f"larger than {MAX_FILE_BYTES} bytes")
    with open(path, "rb") as file:
        return file.read()

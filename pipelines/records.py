"""Rows to records: texts cleaned, files read and prepared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

import tensorflow as tf

from mmtf.features import AUDIO, IMAGE, TEXT
from pipelines.manifest import Row
from pipelines.media import MediaError, prepare_audio, prepare_image
from pipelines.text import clean
from pipelines.workers import CrashError, Workers

MAX_FILE_BYTES = 2**29
TEXTS_AT_ONCE = 256


@dataclass(frozen=True)
class Prepared:
    """A row with what is left of its modalities."""

    row: Row
    media: dict[str, bytes]
    """Text in UTF-8, image and audio as the bytes of a file."""
    lost: dict[str, str]
    """Why, for each modality that the manifest has but that is of no use."""


def prepare_rows(
    rows: Iterable[Row],
    workers: Workers,
    *,
    folder: str,
    image_side: int,
    sample_rate_hz: int,
) -> Iterator[Prepared]:
    """Prepares rows in their order, a bounded number of them at a time.

    Args:
        rows: rows of a manifest.
        workers: who does the work.
        folder: what the paths in the rows are relative to.
        image_side: longest short side of an image in pixels.
        sample_rate_hz: rate of the audio.
    """
    media = (
        (IMAGE, partial(prepare_image, image_side=image_side)),
        (AUDIO, partial(prepare_audio, sample_rate_hz=sample_rate_hz)),
    )

    def prepare(row_and_text):
        row, text = row_and_text
        ready, lost = {TEXT: text} if text else {}, {}
        if row.text and not text:
            lost[TEXT] = "nothing but control characters"
        for modality, function in media:
            path = getattr(row, modality)
            if path is None:
                continue
            try:
                ready[modality] = workers.run(function, _read(_join(folder, path)))
            except MediaError as error:
                lost[modality] = str(error)
            except CrashError:
                lost[modality] = "a file that crashes its decoder"
        return Prepared(row, ready, lost)

    return workers.map(prepare, _with_clean_text(rows))


def _with_clean_text(rows):
    rows = iter(rows)
    while batch := list(islice(rows, TEXTS_AT_ONCE)):
        texts = clean(tf.constant([row.text or "" for row in batch])).numpy()
        yield from zip(batch, texts, strict=True)


def _join(folder, path):
    return path if "://" in path else tf.io.gfile.join(folder, path)


def _read(path):
    try:
        num_bytes = tf.io.gfile.stat(path).length
        if num_bytes > MAX_FILE_BYTES:
            raise MediaError(f"a file of more than {MAX_FILE_BYTES >> 20} MiB")
        with tf.io.gfile.GFile(path, "rb") as file:
            # A device has no length; asking for it all might never end.
            data = file.read(num_bytes)
    except tf.errors.NotFoundError as error:
        raise MediaError("no such file") from error
    except tf.errors.OpError as error:
        raise MediaError("a file that cannot be read") from error
    if not data:
        raise MediaError("an empty file")
    return data

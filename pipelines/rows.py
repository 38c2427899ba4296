"""Shards back to rows, media still encoded, for whoever looks at them one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines import schema
from pipelines.info import DataInfo, read_info

# Rows parsed by one call of TensorFlow: few enough to hold, many enough to be fast.
_ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Row:
    """One row of the shards; what it does not have is empty."""

    id: str
    text: str
    """Cleaned, as `pipelines.text.clean` leaves it."""
    image: bytes
    """A JPEG or PNG file."""
    audio: bytes
    """A mono 16-bit WAV file."""
    label: int | float
    """Index of the class, or the number."""


def read_rows(data: str, split: str) -> Iterator[Row]:
    """Every row of a split once, in the very order of `eval_dataset`.

    Memory does not grow with the number of rows.

    Args:
        data: folder written by `mmtf build`.
        split: which split.

    Raises:
        InputError: the folder is none that `mmtf build` wrote, or has no such split.
    """
    info = _checked_info(data, split)
    return _parsed(tf.data.TFRecordDataset(list(info.splits[split].files)), info.labels)


def read_rows_at(data: str, split: str, indices: Sequence[int]) -> list[Row]:
    """The rows at positions of a split, in the order given.

    Args:
        data: folder written by `mmtf build`.
        split: which split.
        indices: positions in the order of `read_rows`; they may repeat.

    Raises:
        InputError: as `read_rows`, or a position is beyond the split.
    """
    info = _checked_info(data, split)
    num_rows = info.splits[split].num_examples
    outside = [index for index in indices if not 0 <= index < num_rows]
    if outside:
        raise InputError(
            f"A position in {split!r} must be from 0 to {num_rows - 1}. Received: "
            f"{outside[0]}."
        )
    if not len(indices):
        return []
    positions, place = np.unique(np.asarray(indices, np.int64), return_inverse=True)
    wanted = np.zeros(num_rows, bool)
    wanted[positions] = True
    records = tf.data.TFRecordDataset(list(info.splits[split].files))
    chosen = tf.data.Dataset.zip(records, tf.data.Dataset.from_tensor_slices(wanted))
    chosen = chosen.take(int(positions[-1]) + 1).filter(lambda _, is_wanted: is_wanted)
    rows = list(_parsed(chosen.map(lambda record, _: record), info.labels))
    return [rows[index] for index in place]


def _checked_info(data: str, split: str) -> DataInfo:
    info = read_info(data)
    if split not in info.splits:
        raise InputError(
            f"DATA must have a {split!r} split. Received: {data!r}, which has "
            f"{', '.join(sorted(info.splits))}."
        )
    return info


def _parsed(records: tf.data.Dataset, labels: Labels) -> Iterator[Row]:
    batches = records.batch(_ROWS_AT_ONCE).map(lambda many: schema.parse(many, labels))
    for batch in batches.prefetch(1).as_numpy_iterator():
        for index, label in enumerate(batch["label"]):
            yield Row(
                id=batch["id"][index].decode(errors="replace"),
                text=batch["text"][index].decode(errors="replace"),
                image=batch["image"][index],
                audio=batch["audio"][index],
                label=label.item(),
            )

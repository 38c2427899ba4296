"""Features of a split on disk, row for row beside its shards.

A folder holds one TFRecord file for each shard, with a record for each of its rows:
D little-endian float32. Legend: B rows, D width of the features.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence

import numpy as np
import tensorflow as tf

from pipelines.staging import scratch_beside

_BLOCK_BYTES = 2**20


def rows_fingerprint(files: Sequence[str]) -> str:
    """Tells the rows of one split from others, by all that they hold.

    Args:
        files: the shards, in order; each is read from end to end.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in files:
        with tf.io.gfile.GFile(path, "rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()


def feature_files(folder: str, num_shards: int) -> tuple[str, ...]:
    """The files of a folder of features, in the order of the shards."""
    return tuple(
        os.path.join(folder, f"{shard:05d}.tfrecord") for shard in range(num_shards)
    )


def write_features(
    folder: str, batches: Iterable[np.ndarray], *, shard_lengths: Sequence[int]
) -> None:
    """Writes a folder of features; it appears whole, or not at all.

    Args:
        folder: where; if another process gives it that name first, its one stays.
        batches: features (B, D) of all rows, in the order of the shards.
        shard_lengths: rows of each shard.

    Raises:
        InputError: nothing can be written there.
        ValueError: there are more or fewer rows than the shards have.
    """
    with scratch_beside(folder) as scratch:
        aside = os.path.join(scratch, "features")
        tf.io.gfile.makedirs(aside)
        rows = (row for batch in batches for row in np.asarray(batch, "<f4"))
        for path, length in zip(
            feature_files(aside, len(shard_lengths)), shard_lengths, strict=True
        ):
            with tf.io.TFRecordWriter(path) as writer:
                for _ in range(length):
                    writer.write(_next(rows).tobytes())
        if next(rows, None) is not None:
            raise ValueError("There must be one row of features for each of the split.")
        _publish(aside, folder)


def _next(rows):
    row = next(rows, None)
    if row is None:
        raise ValueError("There must be one row of features for each of the split.")
    return row


def _publish(aside, folder):
    try:
        tf.io.gfile.rename(aside, folder)
    except tf.errors.OpError:
        if not tf.io.gfile.isdir(folder):
            raise

"""What a folder of shards says about itself."""

import hashlib
import os
from dataclasses import dataclass

import tensorflow as tf

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines.report import REPORT_FILE, BuildReport


@dataclass(frozen=True, kw_only=True)
class SplitInfo:
    """The shards of one split."""

    num_examples: int
    files: tuple[str, ...]
    """Paths of the shards, in order."""
    shard_lengths: tuple[int, ...]
    """Rows of each shard."""


@dataclass(frozen=True, kw_only=True)
class DataInfo:
    """What readers of the shards need to know."""

    labels: Labels
    sample_rate_hz: int
    image_side: int
    splits: dict[str, SplitInfo]


def read_info(data: str) -> DataInfo:
    """Reads what `mmtf build` wrote beside the shards.

    Args:
        data: the folder.

    Raises:
        InputError: the folder is none that `mmtf build` wrote.
    """
    import tensorflow_datasets as tfds

    report = read_report(data)
    _require_file(data, "dataset_info.json")
    _require_file(data, "features.json")
    builder = tfds.builder_from_directory(data)
    splits = {
        name: SplitInfo(
            num_examples=split.num_examples,
            files=tuple(os.fspath(path) for path in split.filepaths),
            shard_lengths=tuple(split.shard_lengths),
        )
        for name, split in builder.info.splits.items()
    }
    return DataInfo(
        labels=report.labels,
        sample_rate_hz=report.sample_rate_hz,
        image_side=report.image_side,
        splits=splits,
    )


def read_report(data: str) -> BuildReport:
    """The report of the build that wrote the folder.

    Raises:
        InputError: the folder is none that `mmtf build` wrote.
    """
    _require_file(data, REPORT_FILE)
    with tf.io.gfile.GFile(os.path.join(data, REPORT_FILE)) as file:
        return BuildReport.from_json(file.read())


def data_fingerprint(data: str) -> str:
    """Tells one build from another, by their reports: labels, counts and sizes.

    The shards themselves are not read, so data that differ within rows of the same
    length have the same fingerprint.

    Args:
        data: the folder.

    Returns:
        64 hexadecimal digits.

    Raises:
        InputError: the folder is none that `mmtf build` wrote.
    """
    digest = hashlib.sha256()
    for name in (REPORT_FILE, "dataset_info.json", "features.json"):
        _require_file(data, name)
        with tf.io.gfile.GFile(os.path.join(data, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def _require_file(data, name):
    if not tf.io.gfile.exists(os.path.join(data, name)):
        raise InputError(
            "DATA must be a folder written by `mmtf build`. Received: "
            f"{data!r}, which has no {name}."
        )

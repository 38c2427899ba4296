"""Records to TFRecord shards in TensorFlow Datasets' own format."""

import contextlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tensorflow as tf
import tensorflow_datasets as tfds
from tensorflow_datasets.core.utils import tqdm_utils

from mmtf.config import Labels
from pipelines.schema import tfds_features

Keyed = tuple[int, dict[str, Any]]


def write_shards(
    splits: Mapping[str, Iterable[Keyed]],
    labels: Labels,
    *,
    folder: str,
    num_shards: int | None = None,
) -> str:
    """Writes splits one after the other, each shuffled by the hash of its keys.

    The same records give the same bytes. TFDS holds up to 1 GB of a split in
    memory to shuffle it, and puts more into files of its own beside the shards.

    Args:
        splits: for each split, unique keys with records as in schema.py; at
            least one record in each.
        labels: what the label is.
        folder: where to write; TFDS makes folders within.
        num_shards: files of each split, fewer if it has fewer records; None
            leaves it to TFDS, which goes by size.

    Returns:
        The folder within that `tfds.builder_from_directory` reads.
    """
    builder = _Builder(
        name="mmtf",
        version="1.0.0",
        features=tfds_features(labels),
        split_datasets=splits,
        data_dir=folder,
        description="Rows of text, image and audio, written by mmtf build.",
    )
    config = _Config(num_shards=num_shards, try_download_gcs=False)
    with _silent_tfds():
        builder.download_and_prepare(
            download_dir=os.path.join(folder, "downloads"), download_config=config
        )
    return os.fspath(builder.data_path)


class _Builder(tfds.dataset_builders.AdhocBuilder, skip_registration=True):
    # There is no dataset's code to hold checksums of downloads; in looking for
    # it TFDS 4.9.10 wants importlib_resources, which it does not require.
    code_path = None

    def _info(self):
        return _Info(
            builder=self, description=self._description, features=self._feature_spec
        )

    def _example_writer(self):
        return _StableWriter(self.info.file_format)


class _Info(tfds.core.DatasetInfo):
    def initialize_from_bucket(self):
        # TFDS would ask its own bucket, and leave a folder in the temporary one.
        pass


class _StableWriter(tfds.core.ExampleWriter):
    """Orders the keys of a record, which protobuf shuffles in each process."""

    def write(self, path, examples):
        return super().write(path, ((key, _stable(data)) for key, data in examples))


def _stable(data):
    return tf.train.Example.FromString(data).SerializeToString(deterministic=True)


class _Config(tfds.download.DownloadConfig):
    def get_shard_config(self):
        return _AtMostOneShardPerRecord(super().get_shard_config())


class _AtMostOneShardPerRecord:
    """TFDS stops with an AssertionError when there are more shards than records."""

    def __init__(self, shard_config):
        self._shard_config = shard_config

    def get_number_shards(self, total_size, num_examples, *args):
        number = self._shard_config.get_number_shards(total_size, num_examples, *args)
        return min(number, num_examples)


@contextlib.contextmanager
def _silent_tfds() -> Iterator[None]:
    """Keeps TFDS's bars from stderr and its messages from stdout."""
    bars = getattr(tqdm_utils, "_active", True)
    tfds.display_progress_bar(False)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        tfds.display_progress_bar(bars)

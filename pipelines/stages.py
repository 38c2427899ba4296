"""The stages between shards and batches: each takes a dataset and gives the next.

`pipelines.dataset` joins them to chains, `pipelines.profile` measures them one by
one. No stage calls Python for a row, and none changes the order of rows but
`read_shuffled`. Where a row has features, computed before, its record goes with
theirs as a dict: `row`, and `text_features`, say. Legend: B rows in a batch.
"""

import os
from collections.abc import Collection, Mapping, Sequence

import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf.config import Labels
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT, features_name
from pipelines import augment, schema
from pipelines.preprocess import Preprocessor, presence

AUTOTUNE = tf.data.AUTOTUNE
# Shards read side by side: enough to mix rows and hide latency, and a bound on
# open files and memory however many shards there are.
CYCLE_LENGTH = 16
_NUM_CORES = os.cpu_count() or 1
# Rows decoded side by side. Rows leave in order, so that with as many as there are
# cores all would wait for a slow one.
PARALLEL_ROWS = 4 * _NUM_CORES
# One more than cores, for the thread that hands batches over.
NUM_THREADS = _NUM_CORES + 1
# Rows parsed by one call: enough that the call's own cost is gone, few to hold.
BLOCK_ROWS = 32
# What an encoder reads of a row; tokens are made when the batch is.
_MEDIA_KEYS = {TEXT: (), IMAGE: ("image",), AUDIO: ("waveform", "waveform_length")}

Files = Sequence[str] | Mapping[str, Sequence[str]]


def with_features(
    files: Sequence[str], features: Mapping[str, Sequence[str]] | None
) -> Files:
    """Shards, with the files of features that lie beside each, by modality."""
    if not features:
        return list(files)
    beside = {features_name(name): list(paths) for name, paths in features.items()}
    return {"row": list(files), **beside}


def read_in_order(files: Files) -> tf.data.Dataset:
    """Serialized rows, shard after shard."""
    if isinstance(files, Mapping):
        records = {key: tf.data.TFRecordDataset(paths) for key, paths in files.items()}
        return tf.data.Dataset.zip(records)
    return tf.data.TFRecordDataset(files)


def read_side_by_side(shards: tf.data.Dataset) -> tf.data.Dataset:
    """Serialized rows of several shards in turn; the order is always the same."""
    return shards.interleave(
        read_in_order,
        cycle_length=CYCLE_LENGTH,
        num_parallel_calls=AUTOTUNE,
        deterministic=True,
    )


def read_shuffled(files: Files, *, buffer_rows: int, seed: int) -> tf.data.Dataset:
    """Serialized rows in a new order each time they are read.

    Shuffling serialized rows keeps the buffer small; pixels come after.
    """
    shards = tf.data.Dataset.from_tensor_slices(files)
    rows = read_side_by_side(shards.shuffle(len(shards), seed=seed))
    return rows.shuffle(buffer_rows, seed=seed)


def parse_rows(
    serialized: tf.data.Dataset, labels: Labels, modalities: Collection[str]
) -> tf.data.Dataset:
    """Rows as `schema.parse` gives them, with `presence`, a block at a time.

    Args:
        serialized: scalar strings, alone or with features, which are handed on.
        labels: of the data.
        modalities: those to keep; each row is without the others.
    """
    absent = [name for name in MODALITIES if name not in modalities]

    def parse(block):
        block = dict(block) if isinstance(block, Mapping) else {"row": block}
        rows = schema.parse(block.pop("row"), labels) | block
        rows |= {name: tf.zeros_like(rows[name]) for name in absent}
        return {**rows, "presence": presence(*(rows[name] for name in MODALITIES))}

    blocks = serialized.batch(BLOCK_ROWS)
    return blocks.map(parse, AUTOTUNE).unbatch()


def decode_media(
    rows: tf.data.Dataset, preprocessor: Preprocessor, *, encoded: Collection[str] = ()
) -> tf.data.Dataset:
    """Rows with `image`, `waveform` and `waveform_length` in place of files.

    Args:
        rows: from `parse_rows`.
        preprocessor: for one row's media.
        encoded: modalities that rows have features of, and then no media.
    """
    return rows.map(lambda row: _decoded(row, preprocessor, encoded), PARALLEL_ROWS)


def decode_and_augment(
    rows: tf.data.Dataset,
    preprocessor: Preprocessor,
    *,
    seed: int,
    encoded: Collection[str] = (),
) -> tf.data.Dataset:
    """The same, each row changed at random by a seed of its own.

    One call does both, while the row is in the processor's cache.
    """
    rate = preprocessor.config.audio.sample_rate_hz

    def change(row, row_seed):
        row = _decoded(row, preprocessor, encoded)
        return augment.augment_media(row, row_seed, sample_rate_hz=rate)

    return tf.data.Dataset.zip(rows, draw_seeds(seed)).map(change, PARALLEL_ROWS)


def _decoded(row, preprocessor, encoded):
    left_out = [key for modality in encoded for key in _MEDIA_KEYS[modality]]
    row |= {modality: tf.constant("") for modality in encoded}
    row |= preprocessor.media(row["image"], row["audio"])
    return {key: value for key, value in row.items() if key not in left_out}


def draw_seeds(seed: int) -> tf.data.Dataset:
    """Pairs of numbers, int64 (2,): a new sequence each time, and the same ones for
    the same seed."""
    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return numbers.batch(2, drop_remainder=True)


def finish_batches(
    batches: tf.data.Dataset,
    preprocessor: Preprocessor,
    *,
    encoded: Collection[str] = (),
) -> tf.data.Dataset:
    """Batched rows to `(batch, label)`, the batch as mmtf/features.py says.

    That of a modality in `encoded` holds its features (B, D) instead.
    """
    kept = {"image", "waveform", "waveform_length", "presence"}

    def finish(rows):
        batch = {key: rows[key] for key in rows if key in kept}
        if TEXT not in encoded:
            batch |= preprocessor.tokens(rows["text"])
        for name in map(features_name, encoded):
            batch[name] = tf.io.decode_raw(rows[name], tf.float32)
        return batch, rows["label"]

    return batches.map(finish, AUTOTUNE)


def drop_words(
    batches: tf.data.Dataset, tokenizer: BertTokenizer, *, seed: int
) -> tf.data.Dataset:
    """`(batch, label)` with tokens masked at random, see `augment.drop_words`."""
    special_ids = [
        tokenizer.token_to_id(token) for token in ("[PAD]", "[CLS]", "[SEP]")
    ]
    mask_id = tokenizer.token_to_id("[MASK]")

    def drop(batch_and_label, batch_seed):
        batch, label = batch_and_label
        batch = augment.drop_words(
            batch, batch_seed, mask_id=mask_id, special_ids=special_ids
        )
        return batch, label

    return tf.data.Dataset.zip(batches, draw_seeds(seed)).map(drop, AUTOTUNE)


def with_threads(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """The same elements, made by threads that the model's operations do not take."""
    options = tf.data.Options()
    options.threading.private_threadpool_size = NUM_THREADS
    # Rows side by side keep the cores busy; a row's own operations need not be split.
    options.threading.max_intra_op_parallelism = 1
    return dataset.with_options(options)

"""The stages between shards and batches: each takes a dataset and gives the next.

`pipelines.dataset` joins them to chains, `pipelines.profile` measures them one by
one. No stage calls Python for a row, and none changes the order of rows but
`read_shuffled`. Legend: B rows in a batch.
"""

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
# Rows parsed by one call: enough that the call's own cost is gone, few to hold.
BLOCK_ROWS = 32
# What an encoder reads of a batch; tokens are made when the batch is.
_MEDIA_KEYS = {TEXT: (), IMAGE: ("image",), AUDIO: ("waveform", "waveform_length")}

# By modality the files of its encoder's features, one for each shard.
Features = Mapping[str, Sequence[str]]


def sources(files: Sequence[str], features: Features | None = None) -> dict:
    """The shards of rows, and those of features beside them, by what they hold."""
    beside = {
        features_name(name): list(paths) for name, paths in (features or {}).items()
    }
    return {"row": list(files), **beside}


def read_in_order(sources: dict) -> tf.data.Dataset:
    """Serialized rows and features, shard after shard; see `sources`."""
    return tf.data.Dataset.zip(
        {key: tf.data.TFRecordDataset(files) for key, files in sources.items()}
    )


def read_side_by_side(shards: tf.data.Dataset) -> tf.data.Dataset:
    """Serialized rows of several shards in turn; the order is always the same."""
    return shards.interleave(
        read_in_order,
        cycle_length=CYCLE_LENGTH,
        num_parallel_calls=AUTOTUNE,
        deterministic=True,
    )


def read_shuffled(sources: dict, *, buffer_rows: int, seed: int) -> tf.data.Dataset:
    """Serialized rows in a new order each time they are read.

    Shuffling serialized rows keeps the buffer small; pixels come after.
    """
    shards = tf.data.Dataset.from_tensor_slices(sources)
    rows = read_side_by_side(shards.shuffle(len(sources["row"]), seed=seed))
    return rows.shuffle(buffer_rows, seed=seed)


def parse_rows(
    serialized: tf.data.Dataset, labels: Labels, modalities: Collection[str]
) -> tf.data.Dataset:
    """Rows as `schema.parse` gives them, with `presence`, a block at a time.

    Args:
        serialized: dicts of scalar strings, `row` among them; what else they hold
            is kept.
        labels: of the data.
        modalities: those to keep; each row is without the others.
    """
    absent = [name for name in MODALITIES if name not in modalities]

    def parse(block):
        rows = schema.parse(block.pop("row"), labels)
        rows |= {name: tf.zeros_like(rows[name]) for name in absent}
        present = presence(*(rows[name] for name in MODALITIES))
        return {**rows, **block, "presence": present}

    blocks = serialized.batch(BLOCK_ROWS)
    return blocks.map(parse, AUTOTUNE).unbatch()


def decode_media(
    rows: tf.data.Dataset, preprocessor: Preprocessor, features: Collection[str] = ()
) -> tf.data.Dataset:
    """Rows with `image`, `waveform` and `waveform_length` in place of files, but for
    the modalities that have features."""
    unread = [key for name in features for key in _MEDIA_KEYS[name]]

    def decode(row):
        files = {name: "" if name in features else row[name] for name in (IMAGE, AUDIO)}
        row = {**row, **preprocessor.media(files[IMAGE], files[AUDIO])}
        return {key: value for key, value in row.items() if key not in unread}

    return rows.map(decode, AUTOTUNE)


def augment_rows(
    rows: tf.data.Dataset, *, seed: int, sample_rate_hz: int
) -> tf.data.Dataset:
    """Decoded rows, each changed at random by a seed of its own."""

    def change(row, row_seed):
        return augment.augment_media(row, row_seed, sample_rate_hz=sample_rate_hz)

    return tf.data.Dataset.zip(rows, draw_seeds(seed)).map(change, AUTOTUNE)


def draw_seeds(seed: int) -> tf.data.Dataset:
    """Pairs of numbers, int64 (2,): a new sequence each time, and the same ones for
    the same seed."""
    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return numbers.batch(2, drop_remainder=True)


def finish_batches(
    batches: tf.data.Dataset, preprocessor: Preprocessor, features: Collection[str] = ()
) -> tf.data.Dataset:
    """Batched rows to `(batch, label)`, the batch as mmtf/features.py says."""
    kept = {key for keys in _MEDIA_KEYS.values() for key in keys} | {"presence"}

    def finish(rows):
        batch = {key: rows[key] for key in rows if key in kept}
        if TEXT not in features:
            batch |= preprocessor.tokens(rows["text"])
        for name in map(features_name, features):
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

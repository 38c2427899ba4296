"""Shards to batches: two chains of tf.data, read in order.

Both give `(batch, label)`, the batch as mmtf/features.py says, so that
`model.fit(train_dataset(...))` just works.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf.config import Config
from mmtf.errors import InputError
from mmtf.features import MODALITIES, TEXT
from pipelines import stages
from pipelines.info import DataInfo, read_info
from pipelines.preprocess import Preprocessor
from pipelines.text import learn_tokenizer, preset_tokenizer, wordless_tokenizer


def train_dataset(
    data: str,
    config: Config,
    tokenizer: BertTokenizer,
    *,
    split: str = "train",
    batch_size: int | None = None,
    seed: int | None = None,
    num_replicas: int = 1,
    features: Mapping[str, Sequence[str]] | None = None,
) -> tf.data.Dataset:
    """Shuffled, augmented batches of one epoch; each iteration is a new order.

    Args:
        data: folder written by `mmtf build`.
        config: the run's configuration.
        tokenizer: the run's tokenizer, see `make_tokenizer`.
        split: which split.
        batch_size: rows in a batch; `config.train.batch_size` when None. The
            last rows of an epoch that fill no batch are left out (others each
            epoch), unless the split is smaller than one batch.
        seed: `config.train.seed` when None. Same seed, same batches.
        num_replicas: how many devices share a batch.
        features: by modality the files with its features, one for each shard, see
            `pipelines.feature_files`. The batch has them (`text_features` float32
            (B, D), say) instead of what the encoder would read, and nothing of
            that modality is augmented.

    Returns:
        `(batch, label)`.

    Raises:
        InputError: the data do not fit the configuration, or a batch is too small
            to give every replica a row.
    """
    info = _checked_info(data, config, split)
    seed = config.train.seed if seed is None else seed
    batch_size = _checked_batch_size(batch_size, config)
    num_rows = info.splits[split].num_examples
    if not fills_replicas(min(batch_size, num_rows), num_replicas):
        raise too_few_rows(min(batch_size, num_rows), num_replicas)
    preprocessor = Preprocessor(config.model, tokenizer)

    encoded = tuple(features or ())
    rows = stages.read_shuffled(
        stages.with_features(info.splits[split].files, features),
        buffer_rows=min(config.data.shuffle_rows, num_rows),
        seed=seed,
    )
    rows = stages.parse_rows(rows, info.labels, config.model.modalities)
    if config.data.augment:
        rows = stages.decode_and_augment(rows, preprocessor, seed=seed, encoded=encoded)
    else:
        rows = stages.decode_media(rows, preprocessor, encoded=encoded)
    batches = rows.batch(batch_size, drop_remainder=num_rows >= batch_size)
    batches = stages.finish_batches(batches, preprocessor, encoded=encoded)
    if config.data.augment and TEXT not in encoded:
        batches = stages.drop_words(batches, tokenizer, seed=seed + 1)
    return _of_length(max(num_rows // batch_size, 1), batches)


def eval_dataset(
    data: str,
    config: Config,
    tokenizer: BertTokenizer,
    *,
    split: str,
    batch_size: int | None = None,
    num_replicas: int = 1,
    modalities: Collection[str] = MODALITIES,
    features: Mapping[str, Sequence[str]] | None = None,
    corrupt: Callable[[dict, tf.Tensor], dict] | None = None,
) -> tf.data.Dataset:
    """Every row of a split once, shard after shard.

    Batches have at most `batch_size` rows and differ by one row at most: a
    short last batch could leave a replica without rows, which convolutions refuse.

    Args:
        data: folder written by `mmtf build`.
        config: the run's configuration.
        tokenizer: the run's tokenizer.
        split: which split.
        batch_size: most rows in a batch; `config.train.batch_size` when None.
        num_replicas: how many devices share a batch.
        modalities: those to read, of the model's; each row is without the others.
        features: as in `train_dataset`.
        corrupt: changes a row, given its number in the split from 0; it holds
            `text`, `image`, `waveform`, `waveform_length` and `presence`. See
            `pipelines.corruption`.

    Returns:
        `(batch, label)`.

    Raises:
        InputError: the data do not fit the configuration.
    """
    info = _checked_info(data, config, split)
    batch_size = _checked_batch_size(batch_size, config)
    preprocessor = Preprocessor(config.model, tokenizer)
    num_rows = info.splits[split].num_examples
    sizes = balanced_sizes(num_rows, batch_size, num_replicas=num_replicas)

    encoded = tuple(features or ())
    files = stages.with_features(info.splits[split].files, features)
    rows = stages.read_in_order(files)
    seen = [name for name in config.model.modalities if name in modalities]
    rows = stages.parse_rows(rows, info.labels, seen)
    rows = stages.decode_media(rows, preprocessor, encoded=encoded)
    if corrupt is not None:
        rows = rows.enumerate()
        rows = rows.map(lambda number, row: corrupt(row, number), stages.PARALLEL_ROWS)
    batches = rows.batch(max(sizes)).rebatch(sizes)
    batches = stages.finish_batches(batches, preprocessor, encoded=encoded)
    return _of_length(len(sizes), batches)


def make_tokenizer(data: str, config: Config) -> BertTokenizer:
    """The tokenizer of the configured preset, or one learned from `train`.

    A model that is built without text gets one that knows no word.

    Raises:
        InputError: the preset cannot be opened, or no row has a text.
    """
    if TEXT not in config.model.modalities:
        return wordless_tokenizer()
    if config.model.text.preset:
        return preset_tokenizer(config.model.text.preset)
    info = _checked_info(data, config, "train")
    shards = tf.data.Dataset.from_tensor_slices(list(info.splits["train"].files))
    rows = stages.read_side_by_side(shards)
    rows = stages.parse_rows(rows, info.labels, (TEXT,))
    return learn_tokenizer(
        rows.map(lambda row: row["text"]),
        vocabulary_size=config.model.text.vocabulary_size,
        lowercase=config.model.text.lowercase,
    )


def balanced_sizes(
    num_rows: int, batch_size: int, *, num_replicas: int = 1
) -> list[int]:
    """Splits rows into the fewest batches of at most `batch_size`, all alike.

    65 rows by 32 are 22, 22 and 21: no batch is short, and each gives every
    replica a row.

    Raises:
        InputError: no such split gives every replica a row.
    """
    for num_batches in range(-(-num_rows // batch_size), num_rows + 1):
        size, larger = divmod(num_rows, num_batches)
        sizes = [size + (index < larger) for index in range(num_batches)]
        if all(fills_replicas(size, num_replicas) for size in sizes):
            return sizes
    raise too_few_rows(num_rows, num_replicas)


def fills_replicas(num_rows: int, num_replicas: int) -> bool:
    """Whether tf.distribute, which deals rows in equal parts rounded up, leaves
    something for the last replica."""
    return -(-num_rows // num_replicas) * (num_replicas - 1) < num_rows


def too_few_rows(num_rows: int, num_replicas: int) -> InputError:
    """The error for a batch that leaves a replica without rows."""
    return InputError(
        "A batch must give every device a row. Received: "
        f"{num_rows} rows for {num_replicas} devices, in equal parts rounded up. "
        "Use a multiple of the devices as --train.batch-size, or --train.strategy one."
    )


def _checked_batch_size(batch_size, config):
    if batch_size is None:
        return config.train.batch_size
    if batch_size < 1:
        raise InputError(
            f"`batch_size` must be 1 or more. Received: batch_size={batch_size}."
        )
    return batch_size


def _checked_info(data: str, config: Config, split: str) -> DataInfo:
    info = read_info(data)
    if split not in info.splits:
        raise InputError(
            f"DATA must have a {split!r} split. Received: {data!r}, which has "
            f"{', '.join(sorted(info.splits))}. Build it again with a `split` column "
            "or other --split-fractions."
        )
    if info.sample_rate_hz != config.model.audio.sample_rate_hz:
        raise InputError(
            "`sample_rate_hz` must be the same in the model and in the data. "
            f"Received: {config.model.audio.sample_rate_hz} and "
            f"{info.sample_rate_hz}. Build the data again with --sample-rate-hz "
            f"{config.model.audio.sample_rate_hz}, or train with "
            f"--model.audio.sample-rate-hz {info.sample_rate_hz}."
        )
    return info


def _of_length(num_batches, batches):
    # Known from the start, so that progress has an end and Keras no surprise.
    known = tf.data.experimental.assert_cardinality(num_batches)
    return stages.with_threads(batches.apply(known).prefetch(stages.AUTOTUNE))

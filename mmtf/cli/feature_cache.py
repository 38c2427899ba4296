"""What frozen encoders say of a split: computed once, and kept in DATA/features."""

import dataclasses
import hashlib
import json
import os
import sys
from functools import partial

from mmtf.config import Config
from mmtf.features import TEXT


def cached_features(
    data_folder: str, config: Config, tokenizer, model, *, split: str
) -> dict[str, tuple[str, ...]]:
    """The features of each frozen modality of a split; those not yet there are made.

    They lie in DATA/features/MODALITY-SPLIT-KEY, where the key stands for all that
    they are made of: the rows, the encoder's options and weights, the tokenizer, and
    the versions of the libraries. What does not fit is never read, and may be deleted.

    Args:
        data_folder: folder written by `mmtf build`.
        config: the run's.
        tokenizer: the run's.
        model: what `mmtf.build_model` makes of it.
        split: which split.

    Returns:
        By modality the files that `pipelines.train_dataset` takes as `features`.

    Raises:
        InputError: DATA cannot be written to.
    """
    import tensorflow as tf

    from pipelines import read_info
    from pipelines.feature_files import (
        feature_files,
        rows_fingerprint,
        write_features,
    )

    info = read_info(data_folder).splits[split]
    rows, files = rows_fingerprint(info.files), {}
    for modality in config.model.freeze:
        key = features_key(rows, config, tokenizer, model, modality)
        name = f"{modality}-{split}-{key[:24]}"
        folder = os.path.join(data_folder, "features", name)
        if not tf.io.gfile.isdir(folder):
            print(f"computing the {modality} features of {split}", file=sys.stderr)
            batches = _encode(data_folder, config, tokenizer, model, modality, split)
            write_features(folder, batches, shard_lengths=info.shard_lengths)
        files[modality] = feature_files(folder, len(info.files))
    return files


def features_key(rows: str, config: Config, tokenizer, model, modality: str) -> str:
    """Stands for all that the features of a modality are made of.

    Args:
        rows: `pipelines.feature_files.rows_fingerprint` of the split.
        config: the run's, as what follows.
        tokenizer: see `cached_features`.
        model: see there.
        modality: one that is frozen.

    Returns:
        64 hexadecimal digits.
    """
    import keras
    import tensorflow as tf

    from mmtf.version import __version__

    encoder = model.get_layer(f"{modality}_encoder")
    made_of = {
        "rows": rows,
        "options": dataclasses.asdict(getattr(config.model, modality)),
        "precision": config.train.precision,
        "weights": _digest(weight.numpy().tobytes() for weight in encoder.weights),
        "tokenizer": _vocabulary(tokenizer) if modality == TEXT else None,
        "versions": [__version__, keras.__version__, tf.__version__],
    }
    return _digest([json.dumps(made_of, sort_keys=True).encode()])


def _vocabulary(tokenizer):
    words = [*tokenizer.get_vocabulary(), str(tokenizer.lowercase)]
    return _digest([json.dumps(words).encode()])


def _digest(parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _encode(data_folder, config, tokenizer, model, modality, split):
    import tensorflow as tf

    from mmtf.model_parts import encoder_model
    from pipelines import eval_dataset

    encoder = encoder_model(model, modality)
    encode = tf.function(partial(encoder, training=False), reduce_retracing=True)
    dataset = eval_dataset(
        data_folder, config, tokenizer, split=split, modalities=(modality,)
    )
    for batch, _ in dataset:
        features = encode({key: batch[key] for key in encoder.input})
        yield tf.cast(features, tf.float32).numpy()

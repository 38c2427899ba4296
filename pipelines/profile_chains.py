"""The stages of the input pipeline as chains that can be measured one by one."""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf.config import Config
from mmtf.features import AUDIO, IMAGE, TEXT
from pipelines import stages
from pipelines.augment import augment_media
from pipelines.dataset import eval_dataset, train_dataset
from pipelines.info import read_info
from pipelines.preprocess import Preprocessor

TRAINING, EVALUATION = WHOLE = ("whole, training", "whole, evaluation")
# Rows that a stage works on over and over. Decoded ones take up to a megabyte each.
_HELD_ROWS = 128


@dataclass(frozen=True)
class Chain:
    """Something to measure."""

    elements: tf.data.Dataset
    count_rows: Callable[[object], int]
    """How many rows an element stands for."""


def make_chains(
    data: str, config: Config, tokenizer: BertTokenizer, *, split: str
) -> dict[str, Chain]:
    """A chain for each stage that the configuration has, then the whole ones.

    Args:
        data: folder written by `mmtf build`.
        config: the run's configuration.
        tokenizer: the run's tokenizer.
        split: which split.

    Raises:
        InputError: the data do not fit the configuration.
    """
    arguments = (data, config, tokenizer)
    whole = {
        TRAINING: Chain(train_dataset(*arguments, split=split), _rows_of_pair),
        EVALUATION: Chain(eval_dataset(*arguments, split=split), _rows_of_pair),
    }
    chains = _stage_chains(read_info(data), config, tokenizer, split) | whole
    return {
        name: Chain(stages.with_threads(chain.elements), chain.count_rows)
        for name, chain in chains.items()
    }


def _stage_chains(info, config, tokenizer, split):
    model, preprocessor = config.model, Preprocessor(config.model, tokenizer)
    read = stages.read_in_order(info.splits[split].files)
    parsed = stages.parse_rows(_held(read), info.labels, model.modalities)
    rows = _held(parsed)
    chains = {
        "read": Chain(read.batch(_HELD_ROWS), len),
        "parse": _counted(parsed, lambda row: row["presence"]),
    }
    for name, kept in (("decode image", IMAGE), ("decode audio", AUDIO)):
        if kept in model.modalities:
            alone = _only(rows, kept)
            chains[name] = _counted(stages.decode_media(alone, preprocessor))
    decoded = _held(stages.decode_media(rows, preprocessor))
    if config.data.augment:
        chains["augment"] = _counted(_augmented(decoded, model.audio.sample_rate_hz))
    batches = decoded.batch(config.train.batch_size)
    chains["batch"] = Chain(batches, lambda batch: len(batch["label"]))
    if TEXT in model.modalities:
        tokenised = stages.finish_batches(_held(batches), preprocessor)
        chains["tokenise"] = Chain(tokenised, _rows_of_pair)
    return chains


def _augmented(decoded, sample_rate_hz):
    return tf.data.Dataset.zip(decoded, stages.draw_seeds(0)).map(
        lambda row, seed: augment_media(row, seed, sample_rate_hz=sample_rate_hz),
        stages.PARALLEL_ROWS,
    )


def _rows_of_pair(batch_and_label):
    return len(batch_and_label[1])


def _held(dataset):
    return dataset.take(_HELD_ROWS).cache()


def _only(rows, kept):
    others = [name for name in (IMAGE, AUDIO) if name != kept]
    return rows.map(lambda row: {**row, **{name: tf.constant("") for name in others}})


def _glance(row):
    return row["image"][0, 0, 0] + row["waveform"][0]


def _counted(rows, glance=_glance):
    """A chain that keeps little of a row, and no less than has all of it made."""
    return Chain(rows.map(glance).batch(_HELD_ROWS), len)

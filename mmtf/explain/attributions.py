"""Integrated gradients of one row, modality by modality.

Legend: S points of a path, L tokens, H and W pixels, T samples.
"""

import dataclasses
from collections.abc import Callable, Mapping

import keras
import numpy as np
from keras import ops

from mmtf.explain.integrated_gradients import Attribution, integrated_gradients
from mmtf.explain.paths import make_path, word_mask
from mmtf.features import AUDIO, IMAGE, TEXT
from mmtf.model import classifier


def attribute(
    model: keras.Model,
    features: Mapping,
    row: Mapping,
    modality: str,
    *,
    tokenizer,
    output: Callable,
) -> Attribution:
    """What the parts of one modality add to an output, the others being as they are.

    Args:
        model: what `mmtf.build_model` makes.
        features: of the row, from `mmtf.model.feature_model`.
        row: a batch of one row, as tensors.
        modality: one that the row has, and the model an encoder for.
        tokenizer: the run's own.
        output: from logits (S, C) to outputs (S,).

    Returns:
        Its `values` are (L,) for the words' tokens, (H, W) or (T,) without padding.
    """
    path = make_path(model, modality, row, tokenizer)
    classify = classifier(model)

    def function(points):
        num_points = ops.shape(points)[0]
        inputs = {
            key: ops.repeat(value, num_points, axis=0)
            for key, value in {**features, "presence": row["presence"]}.items()
        }
        inputs[modality] = path.encode(points)
        return output(classify(inputs, training=False)["logits"])

    found = integrated_gradients(function, path.baseline, path.inputs)
    values = _PER_PART[modality](found.values, row, tokenizer)
    return dataclasses.replace(found, values=values)


def _per_token(values, row, tokenizer):
    return values.sum(axis=-1)[word_mask(np.asarray(row["token_ids"])[0], tokenizer)]


def _per_pixel(values, row, tokenizer):
    return values.sum(axis=-1)


def _per_sample(values, row, tokenizer):
    return values[: int(row["waveform_length"][0])]


_PER_PART = {TEXT: _per_token, IMAGE: _per_pixel, AUDIO: _per_sample}

"""The paths of integrated gradients: from which baseline, and through what.

Legend: L tokens, D width of their embeddings, S points of a path, T samples.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from mmtf.features import AUDIO, IMAGE, TEXT


@dataclass(frozen=True)
class Path:
    """What of a row is varied.

    Attributes:
        baseline: float32 (...), where the row's own content is taken away.
        inputs: float32 (...), the row as it is.
        encode: from points of the path (S, ...) to the modality's features.
    """

    baseline: np.ndarray
    inputs: np.ndarray
    encode: Callable


def make_path(model: keras.Model, modality: str, row: Mapping, tokenizer) -> Path:
    """The path for one modality of a row.

    Args:
        model: what `mmtf.build_model` makes, with an encoder for the modality.
        modality: one that the row has.
        row: its entries of the batch, each with one row.
        tokenizer: as in `mmtf.explain.explain`.
    """
    encoder = model.get_layer(f"{modality}_encoder")
    if modality == TEXT:
        return _text_path(encoder, row, tokenizer)
    return {IMAGE: _image_path, AUDIO: _audio_path}[modality](encoder, row)


def _text_path(encoder, row, tokenizer):
    """From [MASK] in the place of every token, in the space of token embeddings.

    Positions, segments, [CLS] and [SEP] stay, so what counts is which words these
    are, not how many.
    """
    embed, rest = split_at_embedding(encoder)
    token_ids = np.asarray(row["token_ids"])
    masked = np.where(
        word_mask(token_ids, tokenizer), tokenizer.mask_token_id, token_ids
    )

    def encode(points):
        others = (row["segment_ids"], row["padding_mask"])
        inputs = [points, *(_repeat(value, points) for value in others)]
        return rest(inputs, training=False)

    baseline, inputs = (
        ops.convert_to_numpy(embed(ids))[0].astype("float32")
        for ids in (masked, token_ids)
    )
    return Path(baseline, inputs, encode)


def word_mask(token_ids: np.ndarray, tokenizer) -> np.ndarray:
    """Bool (..., L), True where a token stands for a word or a piece of one."""
    special = (
        tokenizer.cls_token_id,
        tokenizer.sep_token_id,
        tokenizer.pad_token_id,
    )
    return ~np.isin(token_ids, special)


def split_at_embedding(
    encoder: keras.Model,
) -> tuple[keras.layers.Layer, keras.Model]:
    """Cuts a text encoder behind the embeddings of its tokens.

    Args:
        encoder: what a function of mmtf/encoders/text.py makes.

    Returns:
        The layer from `token_ids` (B, L) to embeddings (B, L, D), and a model from
        `[embeddings, segment_ids, padding_mask]` to the features.
    """
    nested = [layer for layer in encoder.layers if isinstance(layer, keras.Model)]
    graph = nested[0] if nested else encoder
    token_ids = graph.input["token_ids"]
    (embed,) = [
        layer
        for layer in graph.layers
        if isinstance(layer, keras.layers.Embedding) and layer.input is token_ids
    ]
    inputs = [embed.output, graph.input["segment_ids"], graph.input["padding_mask"]]
    output = graph.output
    features = output["pooled_output"] if isinstance(output, dict) else output
    return embed, keras.Model(inputs, features)


def _image_path(encoder, row):
    """From an even picture of the image's mean colour.

    Of any one colour, parts of the image that have it could never count; of its own
    mean, little does.
    """
    pixels = np.asarray(row["image"], np.float32)[0]  # (H, W, 3)
    even = np.broadcast_to(pixels.mean(axis=(0, 1)), pixels.shape)

    def encode(points):
        return encoder({"image": points}, training=False)

    return Path(even, pixels, encode)


def _audio_path(encoder, row):
    """From silence of the same length."""
    waveform = np.asarray(row["waveform"], np.float32)[0]  # (T,)

    def encode(points):
        length = _repeat(row["waveform_length"], points)
        return encoder({"waveform": points, "waveform_length": length}, training=False)

    return Path(np.zeros_like(waveform), waveform, encode)


def _repeat(value, points):
    """One row's entry of a batch for each of the points."""
    return ops.repeat(ops.convert_to_tensor(value), ops.shape(points)[0], axis=0)

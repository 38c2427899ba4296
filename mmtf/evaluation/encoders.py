"""A split after the encoders, and one modality of it encoded anew.

Legend: N rows, D width of a modality's features, M modalities (3).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from mmtf.features import MODALITIES
from mmtf.model import feature_model
from mmtf.model_parts import encoder_model


@dataclass(frozen=True)
class Encoded:
    """A split after the encoders.

    Args:
        labels: (N,).
        presence: (N, M).
        features: (N, D) by modality.
    """

    labels: np.ndarray
    presence: np.ndarray
    features: dict[str, np.ndarray]


class Encoders:
    """The encoders of a model, together or one at a time.

    Args:
        model: what `mmtf.build_model` makes.
        modalities: those that `encode_one` can encode; the model is built with them.
        advance: told how many rows were encoded, batch by batch.
    """

    def __init__(
        self,
        model: keras.Model,
        modalities: Iterable[str],
        *,
        advance: Callable[[int], object] = lambda rows: None,
    ):
        self._advance = advance
        self._together = _compiled(feature_model(model))
        self._alone = {
            modality: _compiled(encoder_model(model, modality))
            for modality in modalities
        }

    def encode(self, dataset: tf.data.Dataset) -> Encoded:
        """Encodes every modality of `(batch, label)`."""
        labels, presence, outputs = [], [], []
        for batch, label in dataset:
            outputs.append(self._together(batch))
            labels.append(label.numpy())
            presence.append(batch["presence"].numpy())
            self._advance(len(label))
        features = {
            modality: np.concatenate([output[modality] for output in outputs])
            for modality in MODALITIES
        }
        return Encoded(np.concatenate(labels), np.concatenate(presence), features)

    def encode_one(self, dataset: tf.data.Dataset, modality: str) -> np.ndarray:
        """Encodes one modality of `(batch, label)`; features (N, D)."""
        features = []
        for batch, label in dataset:
            features.append(self._alone[modality](batch).numpy())
            self._advance(len(label))
        return np.concatenate(features)


def _compiled(model):
    keys = tuple(model.input)

    @tf.function(reduce_retracing=True)
    def call(batch):
        return model({key: batch[key] for key in keys}, training=False)

    return call

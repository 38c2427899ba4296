"""The encoders of a served model, each of which runs only if it is needed.

Legend: B rows, D_m width of modality m.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from export.folding import fold_batch_normalization
from export.served_audio import serve_waveforms_apart
from mmtf.features import MODALITIES
from mmtf.model import feature_model


def encode_present(model: keras.Model) -> Callable[[dict], dict[str, tf.Tensor]]:
    """What turns a batch into features, and skips what the whole batch lacks.

    An encoder of which no row of the batch has the modality does not run; its
    features are zeros, which the fusion never looks at.

    Args:
        model: the trained one, as `mmtf.build_model` makes it.

    Returns:
        From a batch to the features (B, D_m) by modality, as `mmtf.model.feature_model`
        gives them.
    """
    features = feature_model(model).output
    encoders = {
        modality: make_servable(keras.Model(model.input, features[modality]))
        for modality in MODALITIES
    }

    def encode(batch):
        return {
            modality: _if_present(encoder, batch, MODALITIES.index(modality))
            for modality, encoder in encoders.items()
        }

    return encode


def make_servable(model: keras.Model) -> keras.Model:
    """A model that answers alike at inference, as fast as a stock server can.

    Args:
        model: a Functional model; it stays as it is.
    """
    return serve_waveforms_apart(fold_batch_normalization(model))


def _if_present(encoder, batch, index):
    features, presence = encoder.output, batch["presence"]

    def run():
        return encoder(batch, training=False)

    def skip():
        width = features.shape[-1]
        return tf.zeros([tf.shape(presence)[0], width], features.dtype)

    # TensorFlow makes it a pair of ops, of which a session runs only one side.
    return tf.cond(tf.reduce_any(presence[:, index]), run, skip)

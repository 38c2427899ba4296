"""Batch normalisation as part of the convolutions before it."""

import keras
import numpy as np
from keras import layers

_CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)


def fold_batch_normalization(model: keras.Model) -> keras.Model:
    """A model that answers alike at inference and has fewer operations.

    Behind a convolution, and with the statistics that training has left, batch
    normalisation is a factor and a term for each filter: the kernel takes the one,
    the bias the other. A server does not do this by itself, since weights in a
    SavedModel are variables. What computes in 16 bits stays, because it would round
    otherwise than in training.

    Args:
        model: a Functional model, of Functional models and layers; it stays as it is.

    Returns:
        A copy, with weights of its own; the model itself if it has nothing to fold.

    Reference:
        Jacob et al. 2018, https://arxiv.org/abs/1712.05877, section 3.2.
    """
    parts = list(model._flatten_layers())
    norms = [part for part in parts if isinstance(part, layers.BatchNormalization)]
    graphs = [part for part in parts if isinstance(part, keras.Model)]
    answers = {id(output) for graph in graphs for output in graph.outputs}
    pairs = [(_convolution_before(norm), norm) for norm in norms]
    folded_by = {
        id(convolution): norm
        for convolution, norm in pairs
        if convolution and id(convolution.output) not in answers
    }
    if not folded_by:
        return model
    folding = _Folding(folded_by)
    folded = keras.models.clone_model(
        model,
        clone_function=folding.copy,
        call_function=folding.call,
        recursive=True,
    )
    folding.fill_copies()
    return folded


class _Folding:
    """Copies the layers of a model, convolutions with the norm that follows them."""

    def __init__(self, folded_by):
        self._folded_by = folded_by
        self._gone = {id(norm) for norm in folded_by.values()}
        self._copies = []

    def copy(self, layer):
        if id(layer) in self._gone:
            return layer
        config = layer.get_config()
        if id(layer) in self._folded_by:
            config["use_bias"] = True
        twin = type(layer).from_config(config)
        self._copies.append((layer, twin))
        return twin

    def call(self, layer, inputs, *args, **kwargs):
        if id(layer) in self._gone:
            return inputs
        return layer(inputs, *args, **kwargs)

    def fill_copies(self):
        for layer, twin in self._copies:
            if id(layer) in self._folded_by:
                twin.set_weights(_folded_weights(layer, self._folded_by[id(layer)]))
            elif isinstance(layer, layers.Layer):
                twin.set_weights(layer.get_weights())


def _convolution_before(norm):
    """The convolution that this layer alone reads, and can be part of, or None."""
    if len(norm._inbound_nodes) != 1:
        return None
    layer = norm._inbound_nodes[0].parent_nodes[0].operation
    is_convolution = type(layer) in _CONVOLUTIONS
    if not is_convolution or layer.activation is not keras.activations.linear:
        return None
    uses = len(layer._inbound_nodes), len(layer._outbound_nodes)
    is_by_filter = layer.data_format == "channels_last" and norm.axis in (
        -1,
        len(layer.output.shape) - 1,
    )
    is_float32 = layer.compute_dtype == norm.compute_dtype == "float32"
    return layer if uses == (1, 1) and is_by_filter and is_float32 else None


def _folded_weights(convolution, norm):
    kernel, *bias = (weight.astype("float64") for weight in convolution.get_weights())
    mean, variance = np.array(norm.moving_mean), np.array(norm.moving_variance)
    gamma = np.array(norm.gamma) if norm.scale else 1.0
    beta = np.array(norm.beta) if norm.center else 0.0
    factor = gamma / np.sqrt(variance.astype("float64") + norm.epsilon)
    return [kernel * factor, (sum(bias) - mean) * factor + beta]

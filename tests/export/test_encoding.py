import keras
import numpy as np
import pytest
import tensorflow as tf

from export.encoding import encode_present
from mmtf import presets
from mmtf.features import MODALITIES, SUBSETS, subset_mask
from mmtf.fusion import ConcatFusion
from mmtf.model import feature_model
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import random_model


class CountCalls(keras.layers.Layer):
    """Passes its inputs on, and counts how often it was run."""

    def build(self, inputs_shape):
        self.calls = tf.Variable(0)

    def call(self, inputs):
        self.calls.assign_add(1)
        return tf.identity(inputs)


def counting_model():
    presence = keras.Input((3,), dtype="bool", name="presence")
    values = keras.Input((2,), name="values")
    counters = [CountCalls(name=modality) for modality in MODALITIES]
    features = [counter(values) for counter in counters]
    vector, _ = ConcatFusion(2, name="fusion")(features, presence)
    return keras.Model({"presence": presence, "values": values}, vector), counters


@pytest.mark.parametrize("in_graph", [False, True])
def test_an_encoder_without_rows_does_not_run(in_graph):
    model, counters = counting_model()
    encode = encode_present(model)
    encode = tf.function(encode) if in_graph else encode
    before = [int(counter.calls) for counter in counters]
    for rows in ([[1, 0, 0]], [[1, 0, 0], [0, 0, 1]], [[0, 0, 0]]):
        presence = tf.constant(rows) > 0
        encode({"presence": presence, "values": tf.ones([len(rows), 2])})
    calls = [int(c.calls) - b for c, b in zip(counters, before, strict=True)]
    assert calls == [2, 0, 1]


@pytest.fixture(scope="module")
def served():
    config = presets.tiny().model
    model = random_model(config)
    return config, feature_model(model), tf.function(encode_present(model))


@pytest.mark.parametrize("subset", [*SUBSETS, ()])
def test_features_are_the_model_s_and_zeros_for_what_is_absent(subset, served):
    config, features_of, encode = served
    batch = random_batch(config, rows=3)
    batch["presence"][:] = subset_mask(subset)
    expected = {k: np.array(v) for k, v in features_of(batch).items()}
    for modality, features in encode(batch).items():
        wanted = expected[modality] if modality in subset else 0 * expected[modality]
        np.testing.assert_allclose(features, wanted, atol=1e-5)


def test_a_modality_that_some_rows_lack_is_encoded(served):
    config, features_of, encode = served
    batch = random_batch(config, rows=4)
    batch["presence"][:] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]
    expected = features_of(batch)
    for modality, features in encode(batch).items():
        np.testing.assert_allclose(features, expected[modality], atol=1e-5)

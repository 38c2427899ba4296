import keras
import numpy as np

from mmtf.layers import MaskedMean, StatisticsPooling

SEQUENCE = np.array([[[1.0, 2.0], [3.0, 6.0], [90.0, 90.0]]] * 2, "float32")
STEP_MASK = np.array([[True, True, False], [False, False, False]])


def test_masked_mean_by_hand():
    pooled = MaskedMean()(SEQUENCE, STEP_MASK)
    assert pooled.numpy().tolist() == [[2, 4], [0, 0]]


def test_statistics_by_hand():
    pooled = StatisticsPooling(epsilon=1e-9)(SEQUENCE, STEP_MASK)
    np.testing.assert_allclose(pooled, [[2, 4, 1, 2], [0, 0, 0, 0]], atol=1e-4)


def test_statistics_of_16_bit_sequences_are_taken_in_32():
    sequence = np.full((1, 4000, 1), 30.0, "float32")
    step_mask = np.ones((1, 4000), bool)
    pooled = StatisticsPooling(epsilon=1e-9, dtype="mixed_float16")(sequence, step_mask)
    np.testing.assert_allclose(pooled, [[30, 0]], atol=1e-4)


def test_masks_of_recurrent_layers_end_here():
    sequence = keras.Input((3, 2))
    step_mask = keras.Input((3,), dtype="bool")
    states = keras.layers.GRU(4, return_sequences=True)(sequence, mask=step_mask)
    pooled = MaskedMean()(states, step_mask)
    assert pooled.shape == (None, 4)
    assert getattr(pooled, "_keras_mask", None) is None

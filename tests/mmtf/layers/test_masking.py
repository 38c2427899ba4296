import numpy as np
import pytest

from mmtf.layers import FrameMask, KeepValid
from mmtf.layers.masking import masked_softmax


def test_frame_is_valid_when_it_starts_within_the_signal():
    mask = FrameMask(num_frames=3, hop_samples=4)(np.array([0, 1, 4, 5, 12, 99]))
    assert np.sum(mask, axis=1).tolist() == [0, 1, 1, 2, 3, 3]
    assert mask[3].numpy().tolist() == [True, True, False]


def test_hop_of_one_marks_samples():
    mask = FrameMask(4)(np.array([3]))
    assert mask.numpy().tolist() == [[True, True, True, False]]


@pytest.mark.parametrize("garbage", [7.0, np.inf, np.nan])
def test_keep_valid_zeros_whatever_the_rest_holds(garbage):
    inputs = np.array([[1, garbage], [garbage, 2]], "float32")
    kept = KeepValid()(inputs, np.array([[True, False], [False, True]]))
    assert kept.numpy().tolist() == [[1, 0], [0, 2]]


def test_keep_valid_takes_whole_rows_and_integers():
    rows = np.arange(1, 9, dtype="int32").reshape(2, 2, 2)
    kept = KeepValid(dtype="mixed_bfloat16")(rows, np.array([False, True]))
    assert kept.dtype == "int32"
    assert kept.numpy().tolist() == [[[0, 0], [0, 0]], [[5, 6], [7, 8]]]


def test_keep_valid_does_not_round_in_mixed_precision():
    pixels = np.array([[200.7]], "float32")
    kept = KeepValid(dtype="mixed_bfloat16")(pixels, np.array([True]))
    np.testing.assert_array_equal(kept, pixels)


def test_masked_softmax_by_hand():
    scores = np.log([[1.0, 3.0, 4.0], [1.0, 3.0, 4.0]])
    weights = masked_softmax(scores, np.array([[1, 1, 0], [0, 0, 0]], bool))
    np.testing.assert_allclose(weights, [[0.25, 0.75, 0], [0, 0, 0]], rtol=1e-6)


def test_masked_softmax_ignores_masked_infinities():
    scores = np.array([[0.0, np.inf, np.nan]], "float16")
    weights = masked_softmax(scores, np.array([[True, False, False]]))
    assert weights.dtype == "float32"
    assert weights.numpy().tolist() == [[1, 0, 0]]

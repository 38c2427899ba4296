import numpy as np

from mmtf.fusion import ConcatFusion

FEATURES = [np.array([[1.0], [1.0]]), np.array([[2.0], [2.0]]), np.array([[3.0]] * 2)]
PRESENCE = np.array([[True, True, True], [True, False, True]])


def by_hand():
    layer = ConcatFusion(2)
    layer.build([(None, 1)] * 3, (None, 3))
    vectors = [np.array([10.0])] * 3
    kernel, bias = np.array([[3.0, 4.0], [1.0, 0.0], [0.0, -1.0]]), np.array([0.5, 0.0])
    layer.kernel.assign(kernel)
    layer.bias.assign(bias)
    layer.fill_absent.set_weights(vectors)
    return layer


def test_vector_by_hand():
    vector, _ = by_hand()(FEATURES, PRESENCE)
    # 1 * (3, 4) + 2 * (1, 0) + 3 * (0, -1) + (0.5, 0), then with 10 for the 2.
    np.testing.assert_allclose(vector, [[5.5, 1], [13.5, 1]], rtol=1e-6)


def test_weights_are_shares_of_the_norms():
    _, weights = by_hand()(FEATURES, PRESENCE)
    expected = [[0.5, 0.2, 0.3], [0.625, 0, 0.375]]  # norms 5, 2 and 3
    np.testing.assert_allclose(weights, expected, rtol=1e-5)


def test_terms_of_zero_share_evenly():
    layer = by_hand()
    layer.kernel.assign(np.zeros((3, 2)))
    _, weights = layer(FEATURES, PRESENCE)
    np.testing.assert_allclose(weights, [[1 / 3] * 3, [0.5, 0, 0.5]], rtol=1e-6)

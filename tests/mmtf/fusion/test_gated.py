import numpy as np

from mmtf.fusion import GatedFusion

FEATURES = [np.array([[1.0]]), np.array([[2.0]]), np.array([[3.0]])]


def by_hand(gate_scores):
    """A fusion of width 2 whose gates have the given scores (M, D) for any input."""
    layer = GatedFusion(2)
    layer.build([(None, 1)] * 3, (None, 3))
    for propose, scale in zip(layer.proposals, (0.1, 0.2, 0.3), strict=True):
        propose.set_weights([np.full((1, 2), scale), np.zeros(2)])
    layer.gates.set_weights([np.zeros((3, 6)), np.ravel(gate_scores)])
    return layer


def test_gates_mix_the_proposals_unit_by_unit():
    layer = by_hand(np.log([[1, 2], [1, 1], [2, 1]]))
    vector, weights = layer(FEATURES, np.ones((1, 3), bool))
    gates = np.array([[0.25, 0.5], [0.25, 0.25], [0.5, 0.25]])
    proposals = np.tanh([0.1, 0.4, 0.9])
    np.testing.assert_allclose(vector[0], proposals @ gates, rtol=1e-5)
    np.testing.assert_allclose(weights[0], [0.375, 0.25, 0.375], rtol=1e-5)


def test_only_present_modalities_have_gates():
    layer = by_hand(np.log([[1, 1], [7, 7], [3, 3]]))
    vector, weights = layer(FEATURES, np.array([[True, False, True]]))
    expected = 0.25 * np.tanh(0.1) + 0.75 * np.tanh(0.9)
    np.testing.assert_allclose(vector, [[expected, expected]], rtol=1e-5)
    np.testing.assert_allclose(weights, [[0.25, 0, 0.75]], rtol=1e-5)


def test_gates_see_which_modalities_are_absent():
    layer = by_hand(np.zeros((3, 2)))
    kernel = np.zeros((3, 6))
    kernel[1, :2] = 1.0  # the image's feature opens the gate of text
    layer.gates.kernel.assign(kernel)
    layer.fill_absent.vectors[1].assign([np.log(3)])
    _, weights = layer(FEATURES, np.array([[True, False, True]]))
    np.testing.assert_allclose(weights, [[0.75, 0, 0.25]], rtol=1e-5)

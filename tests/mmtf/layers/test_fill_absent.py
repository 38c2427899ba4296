import numpy as np

from mmtf.layers import FillAbsent


def test_learned_vectors_stand_for_absent_features():
    features = [np.array([[1.0], [np.nan]]), np.array([[np.inf, 2.0], [3.0, 4.0]])]
    layer = FillAbsent()
    layer.build([(None, 1), (None, 2)], (None, 2))
    layer.set_weights([np.array([10.0]), np.array([20.0, 30.0])])
    first, second = layer(features, np.array([[True, False], [False, True]]))
    assert first.numpy().tolist() == [[1], [10]]
    assert second.numpy().tolist() == [[20, 30], [3, 4]]

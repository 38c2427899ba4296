import numpy as np

from mmtf.layers import SelectModalities


def test_what_is_not_selected_is_absent():
    layer = SelectModalities([True, False, True])
    presence = np.array([[True, True, False], [False, True, True]])
    assert layer(presence).numpy().tolist() == [
        [True, False, False],
        [False, False, True],
    ]

import numpy as np
import pytest

from benchmarks.training.agreement import DisagreementError, require_agreement

TELLING = np.array([[0.0, 1.0], [2.0, -3.0]])


def test_the_largest_difference_is_relative_to_the_size():
    outputs = {"a": TELLING, "b": TELLING + 1e-6, "c": TELLING + [[0, 0], [0, 2e-4]]}

    assert require_agreement(outputs) == pytest.approx(2e-4 / 4)


@pytest.mark.parametrize("wrong", [1e-3, np.nan, np.inf])
def test_who_differs_is_named(wrong):
    with pytest.raises(DisagreementError, match=r"between mmtf and PyTorch\."):
        require_agreement({"mmtf": TELLING, "PyTorch": TELLING + wrong})


@pytest.mark.parametrize(
    "outputs", [np.ones((4, 2)), np.ones((1, 2)), TELLING * np.nan]
)
def test_outputs_that_tell_nothing_do_not_agree(outputs):
    with pytest.raises(DisagreementError, match="tell nothing"):
        require_agreement({"mmtf": outputs, "PyTorch": outputs})

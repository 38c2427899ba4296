import numpy as np
import pytest
from scipy.special import logit, softmax

from mmtf.config import Labels
from mmtf.explain.outputs import output_function, score_function

CLASSES, NUMBER = Labels(class_names=("a", "b", "c")), Labels(task="regression")
LOGITS = np.array([[1.0, -2.0, 0.5], [30.0, 0.0, 0.0]], np.float32)


def test_scores_are_calibrated():
    scores = score_function(CLASSES, 2.5)(LOGITS)
    np.testing.assert_allclose(scores, softmax(LOGITS / 2.5, axis=-1), atol=1e-6)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_the_output_is_the_log_odds_of_the_score(index):
    odds = output_function(CLASSES, 2.5, index)(LOGITS)
    scores = softmax(LOGITS.astype("float64") / 2.5, axis=-1)
    np.testing.assert_allclose(odds, logit(scores[:, index]), rtol=1e-4)


def test_a_regression_is_its_value_whatever_the_temperature():
    values = LOGITS[:, :1]
    np.testing.assert_array_equal(score_function(NUMBER, 3.0)(values), values)
    np.testing.assert_array_equal(output_function(NUMBER, 3.0, 0)(values), values[:, 0])

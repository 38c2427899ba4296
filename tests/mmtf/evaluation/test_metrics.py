import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmtf.evaluation.metrics import classification_metrics, regression_metrics


def test_classification_by_hand():
    labels = np.array([0, 0, 1, 1])
    logits = np.log([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]])
    metrics = classification_metrics(labels, logits)
    assert metrics["accuracy"] == 0.75
    assert metrics["recall"] == pytest.approx((0.5 + 1.0) / 2)
    assert metrics["precision"] == pytest.approx((1.0 + 2 / 3) / 2)
    assert metrics["f1"] == pytest.approx((2 / 3 + 0.8) / 2)
    assert metrics["roc_auc"] == 1.0
    assert metrics["pr_auc"] == 1.0
    expected = -np.log([0.9, 0.4, 0.8, 0.7]).mean()
    assert metrics["loss"] == pytest.approx(expected)


def test_one_class_alone_leaves_the_areas_undefined():
    metrics = classification_metrics(np.array([1, 1]), np.zeros((2, 3)))
    assert metrics["roc_auc"] is None
    assert metrics["pr_auc"] is None
    assert metrics["accuracy"] == 0.0


def test_regression_by_hand():
    metrics = regression_metrics(np.array([1.0, 2.0, 3.0]), np.array([[1], [2], [5]]))
    assert metrics["loss"] == pytest.approx(4 / 3)
    assert metrics["mae"] == pytest.approx(2 / 3)
    assert metrics["rmse"] == pytest.approx((4 / 3) ** 0.5)
    assert metrics["r2"] == pytest.approx(1 - 4 / 2)
    assert metrics["pearson"] == pytest.approx(np.corrcoef([1, 2, 3], [1, 2, 5])[0, 1])


def test_constant_predictions_have_no_correlation():
    metrics = regression_metrics(np.array([1.0, 2.0]), np.array([[3.0], [3.0]]))
    assert metrics["pearson"] is None


@given(
    st.integers(0, 12),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1e-3, 1.0, 1e3]),
)
def test_whatever_comes_json_can_hold_it(rows, classes, seed, scale):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, classes, rows)
    outputs = scale * generator.normal(size=(rows, classes))
    json.dumps(classification_metrics(labels, outputs), allow_nan=False)
    json.dumps(regression_metrics(labels * scale, outputs[:, :1]), allow_nan=False)

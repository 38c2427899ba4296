import json

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats
from sklearn import metrics as sk

from mmtf.evaluation.regression import (
    REGRESSION_METRICS,
    regression_metrics,
    sentiment_metrics,
)
from tests.mmtf.evaluation.outputs import regressions

pytestmark = pytest.mark.filterwarnings("error")


def column(*values):
    return np.array(values)[:, None]


def test_regression_by_hand():
    metrics = regression_metrics(np.array([1.0, 2.0, 3.0]), column(1, 2, 5))
    assert metrics["loss"] == pytest.approx(4 / 3)
    assert metrics["mae"] == pytest.approx(2 / 3)
    assert metrics["rmse"] == pytest.approx((4 / 3) ** 0.5)
    assert metrics["r2"] == pytest.approx(1 - 4 / 2)
    assert metrics["pearson"] == pytest.approx(np.corrcoef([1, 2, 3], [1, 2, 5])[0, 1])
    assert metrics["spearman"] == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(regressions())
def test_all_figures_are_those_of_scikit_learn_and_scipy(rows):
    labels, values = (array.astype("float64") for array in rows)
    metrics = regression_metrics(*rows)
    values = values[:, 0]
    assert metrics["mae"] == pytest.approx(sk.mean_absolute_error(labels, values))
    assert metrics["loss"] == pytest.approx(sk.mean_squared_error(labels, values))
    expected = sk.root_mean_squared_error(labels, values)
    assert metrics["rmse"] == pytest.approx(expected)
    vary = np.ptp(labels) > 0
    expected = sk.r2_score(labels, values) if vary else None
    assert metrics["r2"] == pytest.approx(expected)
    both = vary and np.ptp(values) > 0
    expected = stats.pearsonr(labels, values).statistic if both else None
    assert metrics["pearson"] == pytest.approx(expected)
    expected = stats.spearmanr(labels, values).statistic if both else None
    assert metrics["spearman"] == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(regressions(least_rows=0))
def test_whatever_comes_json_can_hold_it(rows):
    metrics = regression_metrics(*rows) | sentiment_metrics(*rows)
    json.dumps(metrics, allow_nan=False)


def test_no_rows_leave_all_undefined():
    nothing = np.zeros(0), np.zeros((0, 1))
    assert regression_metrics(*nothing) == dict.fromkeys(REGRESSION_METRICS)
    assert set(sentiment_metrics(*nothing).values()) == {None}


@pytest.mark.parametrize("labels", [[3.0, 3.0], [1e6, np.nextafter(1e6, 2e6)]])
def test_labels_that_differ_by_rounding_alone_have_no_correlation(labels):
    metrics = regression_metrics(np.array(labels), column(1.0, 2.0))
    assert metrics["pearson"] is None
    assert metrics["r2"] is None


def test_the_accuracies_of_sentiment_by_hand():
    labels = np.array([-2.4, -0.2, 0.0, 0.4, 3.0])
    metrics = sentiment_metrics(labels, column(-1.6, 0.1, 0.2, -0.3, 4.2))
    assert metrics["accuracy_2_non_negative"] == 3 / 5  # rows 1, 3 and 5
    assert metrics["accuracy_2_positive"] == 2 / 4  # without the third
    assert metrics["accuracy_7"] == 1.0


def test_a_prediction_of_zero_is_not_negative_and_not_positive():
    metrics = sentiment_metrics(np.array([0.5, -0.5]), column(0.0, 0.0))
    assert metrics["accuracy_2_non_negative"] == 0.5
    assert metrics["accuracy_2_positive"] == 0.5


def test_neutral_rows_alone_leave_positive_against_negative_undefined():
    metrics = sentiment_metrics(np.zeros(2), column(0.1, -0.6))
    assert metrics["accuracy_2_positive"] is None
    assert metrics["accuracy_7"] == 0.5

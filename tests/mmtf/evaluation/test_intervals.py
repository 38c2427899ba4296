import json

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats
from sklearn import metrics as sk

from mmtf.evaluation.classification import classification_metrics
from mmtf.evaluation.intervals import (
    classification_intervals,
    interval,
    regression_intervals,
)
from mmtf.evaluation.regression import regression_metrics
from tests.mmtf.evaluation.outputs import classifications, regressions

pytestmark = pytest.mark.filterwarnings("error")


def slow_interval(figure, labels, outputs, resamples=2000):
    """The bootstrap as the book has it: draw rows, measure them, again and again."""
    generator = np.random.default_rng(5)
    measured = []
    for _ in range(resamples):
        rows = generator.integers(0, len(labels), len(labels))
        measured.append(figure(labels[rows], outputs[rows]))
    return np.percentile(measured, (2.5, 97.5))


def classified():
    generator = np.random.default_rng(4)
    labels = generator.integers(0, 3, 150)
    return labels, generator.normal(size=(150, 3)) + np.eye(3)[labels]


def test_intervals_of_a_classifier_are_those_of_plain_resampling():
    labels, logits = classified()
    got = classification_intervals(labels, {"text": logits})["text"]
    answers = logits.argmax(-1)
    for name, figure in {
        "accuracy": sk.accuracy_score,
        "balanced_accuracy": sk.balanced_accuracy_score,
        "f1": lambda true, answered: sk.f1_score(true, answered, average="macro"),
    }.items():
        expected = slow_interval(figure, labels, answers, resamples=500)
        np.testing.assert_allclose(got[name], expected, atol=0.015)


@pytest.mark.parametrize("name", ["loss", "brier"])
def test_intervals_of_means_are_those_of_scipy(name):
    labels, logits = classified()
    got = classification_intervals(labels, {"a": logits})["a"][name]
    each = [
        classification_metrics(labels[i : i + 1], logits[i : i + 1])[name]
        for i in range(len(labels))
    ]
    found = stats.bootstrap(
        (each,), np.mean, n_resamples=4000, method="percentile", rng=1
    ).confidence_interval
    np.testing.assert_allclose(got, [found.low, found.high], rtol=0.02)


def test_intervals_of_a_regressor_are_those_of_plain_resampling():
    generator = np.random.default_rng(4)
    labels = generator.normal(size=150)
    values = labels[:, None] + generator.normal(size=(150, 1)) + 100
    got = regression_intervals(labels, {"text": values})["text"]
    for name, figure in {
        "loss": sk.mean_squared_error,
        "mae": sk.mean_absolute_error,
        "rmse": sk.root_mean_squared_error,
        "pearson": lambda x, y: np.corrcoef(x, y)[0, 1],
    }.items():
        expected = slow_interval(figure, labels, values[:, 0], resamples=1000)
        np.testing.assert_allclose(got[name], expected, rtol=0.04)


@settings(max_examples=15, deadline=None)
@given(classifications(least_rows=0))
def test_any_classifier_has_intervals_where_it_has_figures(rows):
    labels, logits = rows
    figures = classification_metrics(labels, logits)
    for name, limits in classification_intervals(labels, {"a": logits})["a"].items():
        check(figures[name], limits)


@settings(max_examples=15, deadline=None)
@given(regressions(least_rows=0))
def test_any_regressor_has_intervals_where_it_has_figures(rows):
    labels, values = rows
    figures = regression_metrics(labels, values)
    for name, limits in regression_intervals(labels, {"a": values})["a"].items():
        check(figures[name], limits)


def check(figure, limits):
    json.dumps(limits, allow_nan=False)
    assert (figure is None) == (limits is None)
    assert limits is None or limits[0] <= limits[1]


def test_subsets_and_seeds_do_not_disturb_each_other():
    labels, logits = classified()
    both = classification_intervals(labels, {"a": logits, "b": -logits}, seed=3)
    alone = classification_intervals(labels, {"b": -logits}, seed=3)
    for name, limits in alone["b"].items():
        assert both["b"][name] == pytest.approx(limits)
    assert classification_intervals(labels, {"b": -logits}, seed=4) != alone


def test_figures_without_a_value_are_left_out():
    assert interval(np.array([1.0, np.nan, 1.0])) == [1.0, 1.0]
    assert interval(np.array([np.nan])) is None

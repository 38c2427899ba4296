import json

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import log_softmax, softmax
from sklearn import metrics as sk

from mmtf.evaluation.calibration import (
    TEMPERATURES,
    calibration_metrics,
    fit_temperature,
    reliability_bins,
)
from tests.mmtf.evaluation.outputs import classifications

pytestmark = pytest.mark.filterwarnings("error")


@settings(max_examples=60, deadline=None)
@given(classifications(least_rows=0))
def test_the_figures_are_those_of_their_definitions(rows):
    labels, logits = rows
    metrics = calibration_metrics(labels, logits)
    json.dumps(metrics, allow_nan=False)
    if not len(labels):
        assert set(metrics.values()) == {None}
        return
    scores = softmax(logits.astype("float64"), axis=-1)
    squares = (scores - np.eye(logits.shape[1])[labels]) ** 2
    assert metrics["brier"] == pytest.approx(squares.sum() / len(labels))
    log_scores = log_softmax(logits.astype("float64"), axis=-1)
    picked = [log_scores[row, label] for row, label in enumerate(labels)]
    assert metrics["loss"] == pytest.approx(-np.mean(picked))
    assert metrics["ece"] == pytest.approx(expected_calibration_error(labels, scores))


def expected_calibration_error(labels, scores, num_bins=15):
    error = 0.0
    for index in range(num_bins):
        inside = [
            (row.max(), row.argmax() == label)
            for row, label in zip(scores, labels, strict=True)
            if index / num_bins < row.max() <= (index + 1) / num_bins
        ]
        if inside:
            confidence, accuracy = np.mean(inside, axis=0)
            error += len(inside) / len(labels) * abs(accuracy - confidence)
    return error


def test_loss_and_brier_score_are_those_of_scikit_learn():
    generator = np.random.default_rng(3)
    labels, logits = generator.integers(0, 3, 50), generator.normal(size=(50, 3))
    metrics, scores = calibration_metrics(labels, logits), softmax(logits, axis=-1)
    assert metrics["loss"] == pytest.approx(sk.log_loss(labels, scores))
    binary = logits[:, :2], (labels == 1).astype(int)
    expected = sk.brier_score_loss(binary[1], softmax(binary[0], axis=-1)[:, 1])
    # That of scikit-learn counts one of two classes.
    brier = calibration_metrics(binary[1], binary[0])["brier"]
    assert brier == pytest.approx(2 * expected)


def test_the_loss_of_extreme_logits_is_exact():
    logits = np.array([[0.0, 5000.0], [5000.0, 0.0]], "float32")
    assert calibration_metrics(np.array([0, 0]), logits)["loss"] == 2500.0


def test_bins_by_hand():
    scores = np.array([[0.62, 0.38], [0.65, 0.35], [1.0, 0.0]])
    with np.errstate(divide="ignore"):
        logits = np.maximum(np.log(scores), -100)
    bins = reliability_bins(np.array([0, 1, 1]), logits)
    assert len(bins) == 15
    assert sum(b.count for b in bins) == 3
    assert (bins[9].count, bins[9].accuracy) == (2, 0.5)
    assert bins[9].confidence == pytest.approx(0.635)
    assert (bins[14].count, bins[14].accuracy, bins[14].high) == (1, 0.0, 1.0)
    assert bins[0].confidence is None


def test_an_edge_belongs_to_the_bin_below():
    scores = np.full((1, 5), 0.2)
    bins = reliability_bins(np.array([0]), np.log(scores))
    assert bins[2].count == 1
    assert bins[2].high == 0.2


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 3.0])
def test_the_temperature_of_drawn_labels_is_found(true_temperature):
    generator = np.random.default_rng(1)
    logits = generator.normal(size=(20000, 3))
    scores = softmax(logits / true_temperature, axis=-1)
    labels = (generator.random((20000, 1)) > scores.cumsum(-1)).sum(-1)
    fitted = fit_temperature(labels, logits)
    assert fitted == pytest.approx(true_temperature, rel=0.05)


def test_no_other_temperature_has_less_loss():
    generator = np.random.default_rng(2)
    labels, logits = generator.integers(0, 3, 60), generator.normal(size=(60, 3))
    logits[np.arange(60), labels] += 1.0
    best = fit_temperature(labels, logits)
    losses = [
        calibration_metrics(labels, logits / (best * factor))["loss"]
        for factor in (1.0, 0.99, 1.01)
    ]
    assert losses[0] == min(losses)


@settings(max_examples=40, deadline=None)
@given(classifications(least_rows=0))
def test_any_temperature_is_a_sane_one(rows):
    least, most = TEMPERATURES
    assert least <= fit_temperature(*rows) <= most


def test_where_no_temperature_is_best_it_is_one():
    nothing = np.zeros(0, int), np.zeros((0, 3))
    all_right = np.array([0, 1]), np.array([[2.0, 0.0], [0.0, 0.1]])
    undecided = np.array([0, 1]), np.zeros((2, 2))
    for rows in (nothing, all_right, undecided):
        assert fit_temperature(*rows) == 1.0


def test_worse_than_chance_is_cooled_no_further_than_the_limit():
    rows = np.array([0, 1]), np.array([[0.0, 5.0], [5.0, 0.0]])
    assert fit_temperature(*rows) == pytest.approx(TEMPERATURES[1], rel=1e-3)

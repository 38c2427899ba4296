import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import softmax
from sklearn import metrics as sk

from mmtf.evaluation.classification import (
    CLASSIFICATION_METRICS,
    classification_metrics,
    confusion_matrix,
    per_class,
)
from tests.mmtf.evaluation.outputs import classifications

pytestmark = pytest.mark.filterwarnings("error")


def test_classification_by_hand():
    labels = np.array([0, 0, 1, 1])
    logits = np.log([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]])
    metrics = classification_metrics(labels, logits)
    assert metrics["accuracy"] == 0.75
    assert metrics["recall"] == pytest.approx((0.5 + 1.0) / 2)
    assert metrics["balanced_accuracy"] == metrics["recall"]
    assert metrics["precision"] == pytest.approx((1.0 + 2 / 3) / 2)
    assert metrics["f1"] == pytest.approx((2 / 3 + 0.8) / 2)
    assert metrics["roc_auc"] == 1.0
    assert metrics["pr_auc"] == 1.0
    expected = -np.log([0.9, 0.4, 0.8, 0.7]).mean()
    assert metrics["loss"] == pytest.approx(expected)


def test_weighted_figures_count_each_class_by_its_rows():
    labels, answers = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    metrics = classification_metrics(labels, np.eye(2)[answers])
    assert metrics["precision_weighted"] == pytest.approx((3 * 1.0 + 0.5) / 4)
    assert metrics["recall_weighted"] == pytest.approx((3 * 2 / 3 + 1) / 4)
    assert metrics["f1_weighted"] == pytest.approx((3 * 0.8 + 2 / 3) / 4)


@settings(max_examples=40, deadline=None)
@given(classifications())
def test_all_figures_are_those_of_scikit_learn(rows):
    labels, logits = rows
    metrics = classification_metrics(labels, logits)
    answers, classes = logits.argmax(-1), np.unique(labels)
    assert metrics["accuracy"] == sk.accuracy_score(labels, answers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's, of classes that lack rows
        expected = sk.balanced_accuracy_score(labels, answers)
    assert metrics["balanced_accuracy"] == pytest.approx(expected)
    for name in ("precision", "recall", "f1"):
        score = getattr(sk, f"{name}_score")
        for average, suffix in (("macro", ""), ("weighted", "_weighted")):
            expected = score(
                labels, answers, labels=classes, average=average, zero_division=0
            )
            assert metrics[name + suffix] == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(classifications())
def test_the_areas_are_those_of_scikit_learn(rows):
    labels, logits = rows
    metrics = classification_metrics(labels, logits)
    classes, scores = np.unique(labels), softmax(logits.astype("float64"), axis=-1)
    if len(classes) < 2:
        assert metrics["roc_auc"] is None
        assert metrics["pr_auc"] is None
        return
    one_hot = labels[:, None] == classes
    roc = sk.roc_auc_score(one_hot, scores[:, classes], average="macro")
    assert metrics["roc_auc"] == pytest.approx(roc)
    pr = sk.average_precision_score(one_hot, scores[:, classes], average="macro")
    assert metrics["pr_auc"] == pytest.approx(pr)


@settings(max_examples=40, deadline=None)
@given(classifications(least_rows=0))
def test_whatever_comes_json_can_hold_it(rows):
    labels, logits = rows
    metrics = classification_metrics(labels, logits)
    assert tuple(metrics) == CLASSIFICATION_METRICS
    json.dumps(metrics, allow_nan=False)
    names = [str(index) for index in range(logits.shape[1])]
    json.dumps(per_class(labels, logits, names), allow_nan=False)


@settings(max_examples=40, deadline=None)
@given(classifications())
def test_counts_are_those_of_scikit_learn(rows):
    labels, logits = rows
    classes = np.arange(logits.shape[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's, of one class alone
        expected = sk.confusion_matrix(labels, logits.argmax(-1), labels=classes)
    np.testing.assert_array_equal(confusion_matrix(labels, logits), expected)


@settings(max_examples=40, deadline=None)
@given(classifications())
def test_figures_of_each_class_are_those_of_scikit_learn(rows):
    labels, logits = rows
    classes = np.arange(logits.shape[1])
    got = per_class(labels, logits, [str(index) for index in classes])
    *expected, support = sk.precision_recall_fscore_support(
        labels, logits.argmax(-1), labels=classes, zero_division=np.nan
    )
    for name, values in zip(("precision", "recall", "f1"), expected, strict=True):
        found = [np.nan if g[name] is None else g[name] for g in got.values()]
        np.testing.assert_allclose(found, values)
    assert [figures["support"] for figures in got.values()] == support.tolist()


def test_no_rows_leave_all_undefined():
    metrics = classification_metrics(np.zeros(0, int), np.zeros((0, 3)))
    assert metrics == dict.fromkeys(CLASSIFICATION_METRICS)
    assert confusion_matrix(np.zeros(0, int), np.zeros((0, 2))) == [[0, 0], [0, 0]]


def test_one_class_alone_leaves_the_areas_undefined():
    metrics = classification_metrics(np.array([1, 1]), np.zeros((2, 3)))
    assert metrics["roc_auc"] is None
    assert metrics["pr_auc"] is None
    assert metrics["accuracy"] == 0.0

import json

import numpy as np
import pytest
from scipy import stats

from mmtf.config import Labels
from mmtf.evaluation.calibration import calibration_metrics
from mmtf.evaluation.classification import classification_metrics
from mmtf.evaluation.evaluate import evaluate
from mmtf.evaluation.predictions import NONE, Predictions
from mmtf.features import SUBSETS, subset_name

NAMES = [subset_name(subset) for subset in SUBSETS]
FULL = NAMES[-1]
CLASSES = Labels(class_names=("bad", "good", "so so"))
NUMBERS = Labels(task="regression")


def predicted(rows, outputs, seed=0):
    """Predictions that are the better, the more the model sees."""
    generator = np.random.default_rng(seed)
    if outputs == 1:
        labels = generator.normal(size=rows).astype("float32")
        truth = labels[:, None]
    else:
        labels = generator.integers(0, outputs, rows)
        truth = 3 * np.eye(outputs)[labels]
    logits = {
        name: (truth * name.count("+") + generator.normal(size=truth.shape))
        for name in [*NAMES, NONE]
    }
    return Predictions(
        labels=labels,
        logits={name: values.astype("float32") for name, values in logits.items()},
        presence=np.ones((rows, 3), bool),
        modality_weights=np.full((rows, 3), 1 / 3, "float32"),
        ids=("",) * rows,
    )


def test_a_classifiers_object_has_all_that_is_promised():
    metrics = evaluate(predicted(60, 3), CLASSES)
    assert metrics["examples"] == 60
    assert list(metrics["subsets"]) == NAMES
    full = metrics["subsets"][FULL]
    assert {key: metrics[key] for key in full if key != "intervals"} == {
        key: value for key, value in full.items() if key != "intervals"
    }
    low, high = full["intervals"]["accuracy"]
    assert low <= full["accuracy"] <= high
    assert np.sum(metrics["confusion_matrix"]) == 60
    assert list(metrics["per_class"]) == ["bad", "good", "so so"]


def test_all_scores_are_those_of_the_temperature():
    predictions = predicted(60, 3)
    metrics = evaluate(predictions, CLASSES, temperature=2.5)
    for name in NAMES:
        logits = predictions.logits[name].astype("float64") / 2.5
        expected = classification_metrics(predictions.labels, logits)
        found = metrics["subsets"][name]
        assert {key: found[key] for key in expected} == expected
    raw = calibration_metrics(predictions.labels, predictions.logits[FULL])
    assert metrics["calibration"]["temperature"] == 2.5
    assert metrics["calibration"]["before"] == pytest.approx(raw)
    assert metrics["calibration"]["after"]["loss"] == metrics["loss"]


def test_the_full_model_is_compared_with_each_that_sees_less():
    predictions = predicted(60, 3)
    metrics = evaluate(predictions, CLASSES)
    against = metrics["comparisons"]["against"]
    assert list(against) == NAMES[:-1]
    right = {
        name: predictions.logits[name].argmax(-1) == predictions.labels
        for name in (FULL, "audio")
    }
    wins = (right[FULL] & ~right["audio"]).sum()
    losses = (right["audio"] & ~right[FULL]).sum()
    expected = stats.binomtest(int(wins), int(wins + losses)).pvalue
    assert against["audio"]["p_mcnemar"] == pytest.approx(expected)
    assert against["audio"]["sentence"].startswith("better than audio alone by ")
    singles = {name: metrics["subsets"][name]["accuracy"] for name in NAMES[:3]}
    best = metrics["comparisons"]["best_single"]
    assert singles[best] == max(singles.values())


def test_a_regressors_object_has_all_that_is_promised():
    predictions = predicted(60, 1)
    metrics = evaluate(predictions, NUMBERS)
    assert {"confusion_matrix", "per_class", "calibration", "accuracy_7"}.isdisjoint(
        metrics
    )
    errors = {
        name: np.abs(values[:, 0].astype("float64") - predictions.labels).mean()
        for name, values in predictions.logits.items()
    }
    assert metrics["mae"] == pytest.approx(errors[FULL])
    text = metrics["comparisons"]["against"]["text"]
    assert text["difference"] == pytest.approx(errors["text"] - errors[FULL])
    assert text["p_mcnemar"] is None
    best = metrics["comparisons"]["best_single"]
    assert errors[best] == min(errors[name] for name in NAMES[:3])


def test_sentiment_accuracies_come_when_asked_for():
    metrics = evaluate(predicted(20, 1), NUMBERS, sentiment=True)
    assert 0 <= metrics["accuracy_7"] <= 1
    assert 0 <= metrics["subsets"]["text"]["accuracy_2_non_negative"] <= 1


@pytest.mark.parametrize(("labels", "outputs"), [(CLASSES, 3), (NUMBERS, 1)])
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_rows_or_none_have_figures_that_json_can_hold(labels, outputs, rows):
    metrics = evaluate(predicted(rows, outputs), labels)
    json.dumps(metrics, allow_nan=False)
    assert metrics["examples"] == rows
    assert (metrics["comparisons"]["best_single"] is None) == (rows == 0)


def test_the_same_twice():
    first, again = (evaluate(predicted(40, 3), CLASSES) for _ in range(2))
    assert first == again
    other = evaluate(predicted(40, 3), CLASSES, seed=1)
    assert (
        other["subsets"]["text"]["intervals"] != first["subsets"]["text"]["intervals"]
    )

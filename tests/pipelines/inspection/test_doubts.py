import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.metrics import log_loss

from pipelines.inspection.class_doubts import (
    confident_errors,
    doubt_classes,
    fit_weights,
)
from pipelines.inspection.number_doubts import doubt_numbers
from pipelines.inspection.probe import (
    NUM_FOLDS,
    Samples,
    class_evidence,
    deal_folds,
    number_evidence,
)


def samples_of(images):
    return Samples([""] * len(images), images, np.full((len(images), 1), np.nan))


def clusters(number, seed=0, num_classes=2):
    """Labels, and images of 4 numbers that tell them apart."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, num_classes, number)
    return labels, rng.normal(size=(number, 4)) + 6 * np.eye(4)[labels]


def test_confident_errors_by_hand():
    scores = np.array([
        [0.9, 0.1], [0.7, 0.3], [0.2, 0.8],  # labelled 0: the mean is 0.6
        [0.1, 0.9], [0.5, 0.5], [0.65, 0.35], [0.75, 0.25],  # labelled 1: 0.5
    ])  # fmt: skip
    labels = np.array([0, 0, 0, 1, 1, 1, 1])
    rows, likely = confident_errors(scores, labels)
    assert rows.tolist() == [2, 6, 5]
    assert likely.tolist() == [1, 0, 0]


def test_nothing_is_taken_for_a_class_without_rows():
    rows, _ = confident_errors(np.array([[0.3, 0.7], [0.4, 0.6]]), np.array([0, 0]))
    assert not len(rows)


def test_weights_are_those_of_the_least_log_loss():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 400)
    helpful = rng.normal(size=(400, 3)) + 2 * np.eye(3)[labels]
    evidence = {"text": helpful, "image": rng.normal(size=(400, 3))}
    prior = np.log([0.2, 0.3, 0.5])

    def loss(weights):
        total = weights[0] * evidence["text"] + weights[1] * evidence["image"]
        return log_loss(labels, np.exp(log_softmax(prior + total, axis=1)))

    best = minimize(loss, [0.5, 0.5], bounds=[(0, None)] * 2).x
    found = fit_weights(prior, evidence, labels)
    assert list(found.values()) == pytest.approx(best, abs=1e-3)
    assert found["text"] > 1 > 0.3 > found["image"] >= 0


def test_folds_keep_copies_together_and_classes_apart():
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 60, 100)
    labels = groups % 2
    folds = deal_folds(groups, labels, seed=0)
    assert all(len(set(folds[groups == group])) == 1 for group in groups)
    firsts = np.unique(groups, return_index=True)[1]
    for fold in range(NUM_FOLDS):
        shares = labels[firsts][folds[firsts] == fold].mean()
        assert shares == pytest.approx(labels[firsts].mean(), abs=0.1)
    assert (folds != deal_folds(groups, labels, seed=1)).any()


def test_evidence_is_of_rows_not_trained_on_and_zero_where_absent():
    labels, images = clusters(100)
    images[7] = np.nan
    folds = deal_folds(np.arange(100), labels, seed=0)
    evidence = class_evidence(samples_of(images), labels, folds)["image"]
    assert evidence[7].tolist() == [0, 0]
    assert (evidence.argmax(axis=1) == labels)[np.arange(100) != 7].mean() > 0.9
    # A row's own label changes nothing of what is said of it.
    turned = labels.copy()
    turned[3] ^= 1
    again = class_evidence(samples_of(images), turned, folds)["image"]
    np.testing.assert_allclose(again[3], evidence[3], atol=1e-6)


def test_turned_labels_are_the_first_suspects():
    labels, images = clusters(300, num_classes=3)
    given = labels.copy()
    given[[5, 50, 150]] = (labels[[5, 50, 150]] + 1) % 3
    found = doubt_classes(samples_of(images), given, np.arange(300), seed=0)
    assert set(found.rows[:3]) == {5, 50, 150}
    assert dict(zip(found.rows, found.likely, strict=True))[50] == labels[50]
    assert (np.diff(found.given_score) >= 0).all()


def test_names_of_rare_classes_stay_right():
    labels, images = clusters(200)
    given = np.array([1, 4])[labels]
    given[:3] = 0  # too few rows to learn
    given[9] = 5 - given[9]
    found = doubt_classes(samples_of(images), given, np.arange(200), seed=0)
    assert found.rows[0] == 9
    assert found.likely[0] == 5 - given[9]
    assert not set(found.rows) & {0, 1, 2}


@pytest.mark.parametrize(
    ("number", "classes", "reason"),
    [(20, 2, "fewer than 50"), (80, 1, "fewer than 50"), (600, 110, "more than 100")],
)
def test_it_says_why_it_looks_for_none(number, classes, reason):
    labels = np.arange(number) % classes
    samples = samples_of(np.ones((number, 4)))
    found = doubt_classes(samples, labels, np.arange(number), seed=0)
    assert reason in found.reason
    assert not len(found.rows)


def test_models_that_know_nothing_are_not_believed():
    rng = np.random.default_rng(0)
    samples, groups = samples_of(rng.normal(size=(200, 4))), np.arange(200)
    found = doubt_classes(samples, rng.integers(0, 2, 200), groups, seed=0)
    assert "no better than chance" in found.reason
    found = doubt_numbers(samples, rng.normal(size=200), groups, seed=0)
    assert "no better than the mean" in found.reason


def test_rows_without_media_give_a_reason():
    absent = samples_of(np.full((60, 4), np.nan))
    for doubt, labels in ((doubt_classes, np.arange(60) % 2),
                          (doubt_numbers, np.arange(60.0))):  # fmt: skip
        assert "no modality" in doubt(absent, labels, np.arange(60), seed=0).reason


def test_numbers_far_from_the_guess_are_suspects():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(200, 4))
    numbers = images @ [3.0, -2, 1, 0] + 0.1 * rng.normal(size=200) + 10
    numbers[17] += 5
    found = doubt_numbers(samples_of(images), numbers, np.arange(200), seed=0)
    assert found.rows[0] == 17
    assert found.likely[0] == pytest.approx(numbers[17] - 5, abs=1.5)
    assert found.given_score[0] > 3
    assert found.score > 0.9


def test_number_evidence_is_the_distance_from_the_mean():
    labels, images = clusters(100)
    folds = deal_folds(np.arange(100), labels, seed=0)
    evidence = number_evidence(samples_of(images), 7.0 + labels, folds)["image"]
    assert evidence.shape == (100, 1)
    assert np.corrcoef(evidence[:, 0], labels)[0, 1] > 0.9
    assert abs(evidence.mean()) < 0.1

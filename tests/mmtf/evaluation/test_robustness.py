import numpy as np
import pytest
from sklearn import metrics as sk

from mmtf.evaluation.predictions import NONE, Predictions
from mmtf.evaluation.robustness import SHARES, dropped_curves, row_figures
from mmtf.features import SUBSETS, subset_name

NAMES = (*map(subset_name, SUBSETS), NONE)
FULL = "text+image+audio"


def random_predictions(rows=50, outputs=3, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, rows)
    return Predictions(
        labels=labels if outputs > 1 else labels.astype("float32"),
        logits={name: rng.normal(size=(rows, outputs)) for name in NAMES},
        presence=np.ones((rows, 3), bool),
        modality_weights=np.ones((rows, 3)) / 3,
        ids=("",) * rows,
    )


def accuracy(predictions, name):
    return np.mean(predictions.logits[name].argmax(-1) == predictions.labels)


def test_row_figures_are_scikit_learns_in_the_mean():
    rows = random_predictions()
    logits = rows.logits[FULL]
    figures = row_figures(rows.labels, logits, task="classification", temperature=2.0)
    scores = np.exp(logits / 2) / np.exp(logits / 2).sum(-1, keepdims=True)
    assert figures["loss"].mean() == pytest.approx(sk.log_loss(rows.labels, scores))
    assert figures["accuracy"].mean() == accuracy(rows, FULL)


def test_row_figures_of_regression():
    labels, values = np.array([1.0, 2.0]), np.array([[1.5], [4.0]])
    figures = row_figures(labels, values, task="regression")
    assert figures["mae"].tolist() == [0.5, 2.0]
    assert figures["loss"].tolist() == [0.25, 4.0]


@pytest.mark.parametrize(
    ("name", "left"),
    [("text", "image+audio"), ("image", "text+audio"), ("audio", "text+image"),
     ("all", NONE)],
)  # fmt: skip
def test_a_curve_leads_from_all_to_what_is_left(name, left):
    rows = random_predictions()
    curve = dropped_curves(rows, task="classification")[name]
    assert [point["share"] for point in curve] == list(SHARES)
    assert curve[0]["accuracy"] == pytest.approx(accuracy(rows, FULL), abs=1e-12)
    assert curve[-1]["accuracy"] == pytest.approx(accuracy(rows, left), abs=1e-12)
    assert curve[0]["std"] == pytest.approx(0, abs=1e-12)
    assert curve[-1]["std"] == pytest.approx(0, abs=1e-12)
    assert all(point["std"] > 0 for point in curve[1:-1])


def test_between_its_ends_a_curve_of_one_modality_is_a_line():
    rows = random_predictions(rows=200)
    curve = dropped_curves(rows, task="classification", draws=400)["text"]
    ends = accuracy(rows, FULL), accuracy(rows, "image+audio")
    expected = np.interp(SHARES, (0, 1), ends)
    np.testing.assert_allclose([p["accuracy"] for p in curve], expected, atol=0.01)


def test_all_lose_each_modality_by_itself():
    # Right only when seeing the text alone: at a share s that takes losing image
    # and audio but not the text, s * s * (1 - s) of the rows.
    rows = random_predictions(rows=300)
    labels = np.zeros(300, int)
    right, wrong = np.eye(3)[labels], np.eye(3)[labels + 1]
    logits = {name: right if name == "text" else wrong for name in NAMES}
    rows = Predictions(labels, logits, rows.presence, rows.modality_weights, rows.ids)
    curve = dropped_curves(rows, task="classification", draws=100)["all"]
    expected = [share**2 * (1 - share) for share in SHARES]
    np.testing.assert_allclose([p["accuracy"] for p in curve], expected, atol=0.01)


def test_the_seed_decides_and_only_the_models_modalities_are_lost():
    rows, how = random_predictions(), {"task": "classification"}
    first = dropped_curves(rows, **how, seed=1)
    assert first == dropped_curves(rows, **how, seed=1)
    assert first != dropped_curves(rows, **how, seed=2)
    fewer = dropped_curves(rows, **how, seed=1, modalities=("text", "audio"))
    assert list(fewer) == ["text", "audio", "all"]
    assert fewer["text"] == first["text"]
    assert fewer["all"][-1]["accuracy"] == pytest.approx(accuracy(rows, "image"))


def test_a_share_is_of_so_many_rows():
    # All rows are right before and wrong after, so accuracy counts them.
    labels = np.zeros(7, int)
    right, wrong = np.eye(2)[labels], np.eye(2)[labels + 1]
    logits = {name: right if "text" in name else wrong for name in NAMES}
    rows = Predictions(
        labels, logits, np.ones((7, 3), bool), np.ones((7, 3)), ("",) * 7
    )
    curve = dropped_curves(rows, task="classification")["text"]
    counts = [round(7 * (1 - point["accuracy"])) for point in curve]
    assert counts == [0, 1, 1, 2, 3, 4, 4, 5, 6, 6, 7]
    assert max(point["std"] for point in curve) == pytest.approx(0, abs=1e-12)


def test_regression_has_errors():
    rows = random_predictions(outputs=1)
    curve = dropped_curves(rows, task="regression")["audio"]
    expected = sk.mean_absolute_error(rows.labels, rows.logits["text+image"][:, 0])
    assert curve[-1]["mae"] == pytest.approx(expected)
    assert set(curve[0]) == {"share", "mae", "loss", "std"}

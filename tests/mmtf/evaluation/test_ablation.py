import dataclasses

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import accuracy_score, mean_absolute_error

from mmtf import presets
from mmtf.errors import InputError
from mmtf.evaluation.ablation import ablation_variants, compare_variants, late_fusion
from mmtf.evaluation.significance import compare_accuracies

BASELINE = presets.cnn_rnn().model


def with_modalities(*modalities):
    config = presets.small()
    model = dataclasses.replace(
        config.model,
        modalities=modalities,
        audio=dataclasses.replace(config.model.audio, sample_rate_hz=8000),
    )
    return dataclasses.replace(config, model=model)


def test_variants_change_one_thing_and_have_the_same_budget():
    config = with_modalities("text", "image", "audio")
    variants = ablation_variants(config, BASELINE)
    assert list(variants) == [
        "text", "image", "audio", "concat", "gated", "attention", "cnn_rnn",
    ]  # fmt: skip
    assert variants["image"].model.modalities == ("image",)
    assert variants["image"].model.fusion == "attention"
    assert variants["gated"].model == dataclasses.replace(config.model, fusion="gated")
    assert variants["attention"] == config
    assert {v.train for v in variants.values()} == {config.train}
    assert {v.data for v in variants.values()} == {config.data}


def test_variants_keep_to_the_modalities_and_the_rate_of_the_data():
    variants = ablation_variants(with_modalities("text", "audio"), BASELINE)
    assert "image" not in variants
    baseline = variants["cnn_rnn"].model
    assert (
        baseline.modalities == variants["concat"].model.modalities == ("text", "audio")
    )
    assert (baseline.text, baseline.fusion) == (BASELINE.text, "concat")
    assert baseline.audio.sample_rate_hz == 8000


def test_a_variant_freezes_what_it_has_of_the_frozen():
    config = with_modalities("text", "image")
    model = dataclasses.replace(config.model, freeze=("text",))
    variants = ablation_variants(dataclasses.replace(config, model=model), BASELINE)
    frozen = {name: variant.model.freeze for name, variant in variants.items()}
    assert frozen["text"] == frozen["concat"] == frozen["attention"] == ("text",)
    assert frozen["image"] == frozen["cnn_rnn"] == ()


def test_one_modality_has_nothing_to_be_compared_with():
    with pytest.raises(InputError, match=r"two modalities or more.*=\('text',\)"):
        ablation_variants(with_modalities("text"), BASELINE)


SINGLES = {
    "text": np.log([[0.8, 0.2], [0.6, 0.4], [0.5, 0.5]]),
    "audio": np.log([[0.2, 0.8], [0.1, 0.9], [0.1, 0.9]]) + 7,
}
PRESENCE = np.array([[True, True, True], [True, True, False], [False, True, False]])


def test_late_fusion_by_hand():
    fused = late_fusion(SINGLES, PRESENCE, task="classification")
    # Both; text alone; neither, so what both say of nothing.
    expected = [[0.5, 0.5], [0.6, 0.4], [0.3, 0.7]]
    np.testing.assert_allclose(np.exp(fused), expected)


def test_late_fusion_of_numbers_is_their_mean():
    values = {"text": np.array([[1.0], [2.0], [3.0]]), "audio": np.array([[4.0]] * 3)}
    fused = late_fusion(values, PRESENCE, task="regression")
    np.testing.assert_allclose(fused, [[2.5], [2], [3.5]])


def test_late_fusion_of_the_very_sure_is_finite():
    sure = {"text": np.array([[0.0, -2000.0]]), "image": np.array([[0.0, -2000.0]])}
    fused = late_fusion(sure, np.ones((1, 3), bool), task="classification")
    assert np.isfinite(fused).all()
    np.testing.assert_allclose(log_softmax(fused, axis=-1)[0, 0], 0, atol=1e-12)


def test_variants_are_measured_and_compared_on_the_same_rows():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 80)
    answers = {
        name: rng.normal(size=(80, 3)) + strength * np.eye(3)[labels]
        for name, strength in [("text", 0.1), ("concat", 2), ("attention", 3)]
    }
    rows = compare_variants(labels, answers, task="classification")
    right = {name: x.argmax(-1) == labels for name, x in answers.items()}
    for name, row in rows.items():
        expected = accuracy_score(labels, answers[name].argmax(-1))
        assert row["accuracy"] == pytest.approx(expected)
        low, high = row["intervals"]["accuracy"]
        assert low < row["accuracy"] < high
    assert rows["attention"]["comparison"] is None
    comparison = rows["text"]["comparison"]
    expected = compare_accuracies(right["attention"], {"text": right["text"]})["text"]
    assert expected.items() <= comparison.items()
    assert comparison["sentence"].startswith("better than text alone by ")
    assert "concat fusion" in rows["concat"]["comparison"]["sentence"]


def test_numbers_are_compared_by_their_absolute_error():
    labels = np.linspace(-1, 1, 50)
    answers = {
        "attention": labels[:, None] + 0.1,
        "late_fusion": labels[:, None] - 0.4,
    }
    rows = compare_variants(labels, answers, task="regression")
    expected = mean_absolute_error(labels, answers["late_fusion"][:, 0])
    assert rows["late_fusion"]["mae"] == pytest.approx(expected)
    assert rows["late_fusion"]["comparison"]["difference"] == pytest.approx(0.3)
    assert rows["late_fusion"]["comparison"]["sentence"].startswith(
        "better than late fusion by 0.300 of mean absolute error"
    )


def test_without_the_reference_nothing_is_compared():
    labels = np.array([0, 1])
    rows = compare_variants(labels, {"text": np.eye(2)}, task="classification")
    assert rows["text"]["comparison"] is None
    assert rows["text"]["accuracy"] == 1

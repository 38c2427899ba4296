import dataclasses
import types

import pytest

from mmtf import presets
from mmtf.evaluation import noise
from mmtf.evaluation.noise import noise_curves
from mmtf.evaluation.robustness import row_figures
from mmtf.features import subset_mask
from tests.mmtf.first_losses import random_rows
from tests.mmtf.tiny_model import random_model

CONFIG = presets.tiny()
ROWS, BATCH = 23, 5


def brightening(**changes):
    fields = {"name": "light", "modality": "image", "unit": "grey", "levels": (0, 90)}
    return types.SimpleNamespace(**fields | changes)


def brighter(corruption, level):
    def change(batch, label):
        # The others are nonsense, to show that nobody looks at them.
        changed = {**batch, "image": batch["image"] + level}
        return {**changed, "waveform": batch["waveform"] * 0 + 7}, label

    return random_rows(CONFIG, ROWS).map(change).batch(BATCH)


@pytest.fixture(scope="module")
def model():
    return random_model(CONFIG.model)


def curve(model, **how):
    clean = random_rows(CONFIG, ROWS).batch(BATCH)
    how = {"task": "classification", **how}
    return noise_curves(model, clean, [brightening()], brighter, **how)["light"]


@pytest.fixture(scope="module")
def found(model):
    return curve(model, temperature=2.0)


def test_figures_are_those_of_the_model_on_changed_rows(model, found):
    ((batch, labels),) = random_rows(CONFIG, ROWS).batch(ROWS)
    batch["image"] += 90
    presence = batch["presence"]
    for figures, subset in (
        (found["levels"][1], ("text", "image", "audio")),
        (found["levels"][1]["alone"], ("image",)),
    ):
        batch["presence"] = presence & subset_mask(subset)
        logits = model.predict(batch, verbose=0)
        expected = row_figures(
            labels.numpy(), logits, task="classification", temperature=2.0
        )
        for name, values in expected.items():
            assert figures[name] == pytest.approx(values.mean(), abs=1e-5)


def test_level_zero_is_the_clean_figure_exactly(found):
    zero = dict(found["levels"][0])
    assert zero.pop("level") == 0
    assert zero == found["clean"]
    assert found["levels"][1]["loss"] != found["clean"]["loss"]


def test_the_shape_of_the_file(found):
    assert list(found) == ["modality", "unit", "clean", "levels"]
    assert (found["modality"], found["unit"]) == ("image", "grey")
    assert [set(point) for point in found["levels"]] == [
        {"level", "accuracy", "loss", "alone"}
    ] * 2


def test_rows_are_fused_in_parts_and_each_pass_is_told_of(model, found, monkeypatch):
    monkeypatch.setattr(noise, "ROWS_AT_ONCE", 4)
    counts = []
    parts = curve(model, temperature=2.0, advance=counts.append)["levels"][1]
    assert parts["loss"] == pytest.approx(found["levels"][1]["loss"], abs=1e-5)
    assert sum(counts) == ROWS * (1 + 2)


def test_a_model_of_one_modality_is_that_modality_alone_also_in_regression():
    only_image = dataclasses.replace(CONFIG.model, modalities=("image",))
    found = curve(random_model(only_image), task="regression")
    assert set(found["clean"]) == {"mae", "loss", "alone"}
    for figures in (found["clean"], *found["levels"]):
        assert figures["mae"] == figures["alone"]["mae"]
    assert found["levels"][1]["loss"] != found["clean"]["loss"]

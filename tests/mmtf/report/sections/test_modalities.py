from dataclasses import replace

import numpy as np
import pytest

from mmtf.features import MODALITIES
from mmtf.report.sections.modalities import MAX_CLASSES, describe
from tests.mmtf.report.made import NAMES, made_evidence


def as_number(shown):
    return float(shown.rstrip("%").replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_contributions_and_nothing_add_up(task):
    for row in describe(made_evidence(task))["rows"]:
        parts = [as_number(shown) for _, shown, _ in row["contributions"]]
        total = as_number(row["base"]) + sum(parts)
        assert total == pytest.approx(as_number(row["full"]), abs=0.3)


def test_contributions_to_the_right_class_as_shapley_has_them():
    evidence = made_evidence()
    labels = evidence.predictions.labels
    right = {
        name: evidence.scores(name)[np.arange(60), labels].mean()
        for name in evidence.predictions.logits
    }
    text = (
        (right["text"] - right["none"]) / 3
        + (right["text+image"] - right["image"]) / 6
        + (right["text+audio"] - right["audio"]) / 6
        + (right["text+image+audio"] - right["image+audio"]) / 3
    )
    _, shown, _ = describe(evidence)["rows"][0]["contributions"][0]
    assert as_number(shown) == pytest.approx(100 * text, abs=0.06)
    assert shown.startswith("+")


def test_rows_are_grouped_by_their_class():
    evidence = made_evidence()
    counts = np.bincount(evidence.predictions.labels)
    rows = describe(evidence)["rows"]
    assert [(row["name"], row["rows"]) for row in rows] == [
        ("all rows", 60), *zip(NAMES, counts, strict=True),
    ]  # fmt: skip
    weights = [(modality, shown) for modality, shown, _ in rows[1]["weights"]]
    assert weights == list(zip(MODALITIES, ("50%", "30%", "20%"), strict=True))


def test_values_are_grouped_by_thirds():
    rows = describe(made_evidence("regression"))["rows"]
    assert [row["rows"] for row in rows] == [60, 20, 20, 20]
    assert rows[1]["name"] == "lowest third"
    assert as_number(rows[1]["full"]) < as_number(rows[3]["full"])


def test_of_many_classes_the_commonest_are_shown():
    names = tuple(f"class {index:02}" for index in range(MAX_CLASSES + 3))
    shown = describe(made_evidence(names=names, rows=200))
    assert len(shown["rows"]) == 1 + MAX_CLASSES
    assert shown["left_out"] == 3


def test_an_absent_modality_adds_nothing():
    evidence = made_evidence()
    presence = np.tile([True, True, False], (60, 1))
    logits = evidence.predictions.logits
    blind = {
        name: logits[name.replace("+audio", "").replace("audio", "none")]
        for name in logits
    }
    predictions = replace(evidence.predictions, presence=presence, logits=blind)
    rows = describe(replace(evidence, predictions=predictions))["rows"]
    assert rows[0]["contributions"][2] == ("audio", "+0.0", 0.0)


def test_a_modality_that_the_model_lacks_adds_nothing_to_rows_that_have_it():
    evidence = made_evidence()
    model = replace(evidence.config.model, modalities=("text", "image"))
    config = replace(evidence.config, model=model)
    for row in describe(replace(evidence, config=config))["rows"]:
        assert row["contributions"][2] == ("audio", "+0.0", 0.0)


def test_there_is_nothing_without_answers():
    assert describe(made_evidence(predictions=None)) is None
    assert describe(made_evidence(rows=0)) is None

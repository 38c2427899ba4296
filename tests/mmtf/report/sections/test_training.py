from dataclasses import replace

import pytest

from mmtf.report.sections.training import describe
from tests.mmtf.report.made import made_evidence
from tests.mmtf.report.read_page import Page


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("classification", ["log loss", "accuracy"]),
        ("regression", ["mean absolute error", "mean squared error"]),
    ],
)
def test_what_was_followed_is_drawn(task, names):
    shown = describe(made_evidence(task))
    assert [name for name, _ in shown["plots"]] == names
    for _, plot in shown["plots"]:
        assert not Page(plot).faults
        assert "nan" not in plot


def test_the_best_epoch_has_the_lowest_validation_loss():
    shown = describe(made_evidence())
    assert (shown["epochs"], shown["best"], shown["best_loss"]) == (3, 2, "0.600")


def test_no_epoch_is_best_when_no_loss_was_a_number():
    shown = describe(made_evidence(history={"epoch": [0.0], "val_loss": [None]}))
    assert shown["best"] is None
    assert shown["plots"] == []


def test_there_is_nothing_without_a_history():
    assert describe(made_evidence(history=None)) is None


def test_rows_are_said_to_be_harder_only_where_they_are():
    evidence = made_evidence()
    config = evidence.config
    assert (
        describe(evidence)["hardships"] == "are changed at random and lose modalities"
    )
    plain = replace(
        config,
        data=replace(config.data, augment=False),
        model=replace(config.model, modality_dropout=0.0),
    )
    assert describe(replace(evidence, config=plain))["hardships"] == ""

import pytest

from mmtf.report.sections.headline import describe, result
from tests.mmtf.report.made import made_evidence

FULL = "text+image+audio"


def figures(**changes):
    return {
        "examples": 1200,
        "accuracy": 0.871,
        "subsets": {FULL: {"accuracy": 0.871, "intervals": {"accuracy": [0.8, 0.9]}}},
        "comparisons": {
            "best_single": "image",
            "against": {"image": {"sentence": "better than image alone by 9.1 points"}},
        },
        **changes,
    }


def test_the_sentence_has_figure_interval_and_rows():
    evidence = made_evidence(figures=figures())
    assert result(evidence) == (
        "The model is right on 87.1% of 1,200 test rows (95% interval 80.0% to 90.0%)."
    )
    assert describe(evidence)["verdict"] == (
        "Seeing all modalities, it is better than image alone by 9.1 points."
    )


def test_a_regressor_is_off_by_so_much():
    subsets = {FULL: {"mae": 0.5}}
    evidence = made_evidence(
        "regression", figures={"examples": 3, "mae": 0.5, "subsets": subsets}
    )
    assert (
        result(evidence) == "Over 3 test rows, the answer is off by 0.500 on average."
    )
    assert describe(evidence)["verdict"] is None


def test_a_split_without_rows_has_nothing_to_say():
    evidence = made_evidence(rows=0)
    assert result(evidence) == "There is nothing to say of 0 test rows."
    assert describe(evidence)["tiles"][0]["value"] == "not defined"
    assert describe(evidence)["verdict"] is None


def test_tiles_show_the_spread_over_seeds():
    seeds = {"accuracy": {"mean": 0.87, "std": 0.012, "values": [0.86, 0.87, 0.88]}}
    tile, *others = describe(made_evidence(seeds=seeds))["tiles"]
    assert tile["seeds"] == "87.0% ± 1.2% over 3 seeds"
    assert {other["seeds"] for other in others} == {""}


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_tiles_are_the_figures_of_the_task(task):
    evidence = made_evidence(task)
    labels = [tile["label"] for tile in describe(evidence)["tiles"]]
    assert labels[0] == (
        "accuracy" if task == "classification" else "mean absolute error"
    )
    assert len(labels) == 5

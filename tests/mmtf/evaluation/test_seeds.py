import pytest

from mmtf.evaluation.seeds import summarise_seeds

FULL = "text+image+audio"


def measured(accuracy, area=0.5):
    figures = {"accuracy": accuracy, "roc_auc": area}
    subsets = {
        "text": {"accuracy": accuracy - 0.2, "roc_auc": area, "intervals": {}},
        FULL: {**figures, "intervals": {}},
    }
    return {"examples": 9, **figures, "subsets": subsets}


def test_mean_and_deviation_by_hand():
    summary = summarise_seeds([measured(0.7), measured(0.8), measured(0.9)])
    assert summary["accuracy"]["mean"] == pytest.approx(0.8)
    assert summary["accuracy"]["std"] == pytest.approx(0.1)
    assert summary["accuracy"]["values"] == [0.7, 0.8, 0.9]
    assert summary["subsets"]["text"]["accuracy"]["mean"] == pytest.approx(0.6)
    assert set(summary) == {"accuracy", "roc_auc", "subsets"}


def test_one_seed_has_no_deviation():
    assert summarise_seeds([measured(0.7)])["accuracy"]["std"] is None


def test_a_figure_that_a_seed_lacks_has_no_mean():
    summary = summarise_seeds([measured(0.7, None), measured(0.8)])
    assert summary["roc_auc"] == {"mean": None, "std": None, "values": [None, 0.5]}

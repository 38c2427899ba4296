from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from mmtf.errors import InputError
from mmtf.report import compare_runs
from mmtf.report.comparison import show_figure
from tests.mmtf.report.made import made_evidence

FULL = "text+image+audio"


def with_right(evidence, name, is_right):
    """A run that has just those rows right."""
    labels = evidence.predictions.labels
    answers = np.where(is_right, labels, (labels + 1) % 3)
    logits = {**evidence.predictions.logits, FULL: np.eye(3)[answers]}
    predictions = replace(evidence.predictions, logits=logits)
    return replace(evidence, name=name, predictions=predictions)


def test_a_better_run_is_better_by_the_paired_test():
    base, rows = made_evidence(), np.arange(60)
    first = with_right(base, "first", rows < 30)
    second = with_right(base, "second", (rows < 28) | (rows >= 40))
    (other,) = compare_runs([first, second])["against_first"]
    assert other["difference"] == pytest.approx(18 / 60)
    assert other["p_mcnemar"] == pytest.approx(binomtest(20, 22).pvalue)
    low, high = other["interval"]
    assert 0 < low < 0.3 < high
    assert other["sentence"].startswith("second is better than first by 30.0 points, ")
    (back,) = compare_runs([second, first])["against_first"]
    assert back["sentence"].startswith("first is worse than second by 30.0 points, ")


def test_like_runs_are_not_shown_to_differ():
    base = made_evidence()
    twin = replace(base, name="twin")
    (other,) = compare_runs([base, twin])["against_first"]
    assert other["sentence"].startswith("twin is not shown to differ from made: 0.0")


def test_p_values_are_raised_for_their_number():
    base, rows = made_evidence(), np.arange(60)
    first = with_right(base, "first", rows < 30)
    others = [with_right(base, name, rows < 37) for name in "ab"]
    found = compare_runs([first, *others])["against_first"]
    assert [other["name"] for other in found] == ["a", "b"]
    for other in found:
        assert other["p_holm"] == pytest.approx(min(1, 2 * other["p_mcnemar"]))


def test_regressors_are_compared_by_their_errors():
    first = made_evidence("regression")
    second = replace(made_evidence("regression", seed=1), name="second")
    (other,) = compare_runs([first, second])["against_first"]
    errors = [np.abs(e.values() - e.predictions.labels).mean() for e in (first, second)]
    assert other["difference"] == pytest.approx(errors[0] - errors[1])
    assert other["p_mcnemar"] is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"predictions": None}, "has no answers to single rows"),
        ({"ids": ("x",) * 60}, "not measured on the same rows"),
        ({"labels": np.zeros(60, int)}, "not measured on the same rows"),
    ],
)
def test_runs_on_other_rows_are_not_paired(change, reason):
    first = made_evidence()
    if "predictions" not in change:
        change = {"predictions": replace(first.predictions, **change)}
    (other,) = compare_runs([first, replace(first, name="b", **change)])[
        "against_first"
    ]
    assert reason in other["sentence"]
    assert set(other) == {"name", "sentence"}


def test_rows_without_ids_are_not_known_to_be_the_same():
    first = made_evidence()
    unknown = replace(first.predictions, ids=("",) * 60)
    runs = [replace(first, name=name, predictions=unknown) for name in "ab"]
    (other,) = compare_runs(runs)["against_first"]
    assert "their rows have no ids" in other["sentence"]


def test_only_options_that_differ_are_named():
    first = made_evidence()
    model = replace(first.config.model, fusion="concat")
    second = replace(first, name="b", config=replace(first.config, model=model))
    assert compare_runs([first, second])["options"] == {
        "model.fusion": ["attention", "concat"]
    }


def test_figures_come_with_intervals_and_seeds():
    spread = {"accuracy": {"mean": 0.5, "std": 0.1, "values": [0.4, 0.6]}}
    first = made_evidence(seeds=spread)
    run, bare = compare_runs([first, replace(first, name="b", seeds=None)])["runs"]
    low, high = first.figures["subsets"][FULL]["intervals"]["accuracy"]
    assert run["intervals"]["accuracy"] == [low, high]
    shown = f"{first.figures['accuracy']:.1%} ({low:.1%} to {high:.1%})"
    assert show_figure(run, "accuracy") == f"{shown}, seeds 50.0% ± 10.0%"
    assert show_figure(bare, "accuracy") == shown
    assert show_figure(run, "mae") == "not measured"


def test_what_cannot_be_compared_is_refused():
    first = made_evidence()
    with pytest.raises(InputError, match="Two runs or more can be compared"):
        compare_runs([first])
    with pytest.raises(InputError, match="measured on test. Received: 'b'"):
        compare_runs([first, replace(first, name="b", figures=None)])
    with pytest.raises(InputError, match="must have the same labels"):
        compare_runs([first, made_evidence("regression")])

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mmtf.evaluation.significance import (
    compare_absolute_errors,
    compare_accuracies,
    conclude,
)

pytestmark = pytest.mark.filterwarnings("error")


def outcomes(wins, losses, ties):
    """Rows that the first alone, the other alone, and both have right."""
    first = np.repeat([True, False, True], [wins, losses, ties])
    other = np.repeat([False, True, True], [wins, losses, ties])
    return first, other


def compared(wins, losses, ties, **options):
    first, other = outcomes(wins, losses, ties)
    return compare_accuracies(first, {"text": other}, **options)["text"]


def test_mcnemar_by_hand():
    found = compared(wins=5, losses=1, ties=14)
    assert found["difference"] == pytest.approx(4 / 20)
    # A fair coin: 0, 1, 5 or 6 heads of 6, (1 + 6 + 6 + 1) / 64.
    assert found["p_mcnemar"] == pytest.approx(14 / 64)


def test_the_interval_of_a_difference_is_that_of_scipy():
    first, other = outcomes(40, 20, 140)
    found = compare_accuracies(first, {"text": other})["text"]
    expected = stats.bootstrap(
        (first.astype(float) - other,), np.mean, n_resamples=5000,
        method="percentile", rng=1,
    ).confidence_interval  # fmt: skip
    np.testing.assert_allclose(
        found["interval"], [expected.low, expected.high], atol=0.006
    )


def test_the_bootstrap_agrees_with_mcnemar():
    found = compared(40, 22, 140)
    assert found["p_bootstrap"] == pytest.approx(found["p_mcnemar"], abs=0.02)
    assert found["p_mcnemar"] == pytest.approx(0.03, abs=0.01)


def test_p_is_never_zero_and_a_tie_has_one():
    assert compared(100, 0, 0)["p_bootstrap"] == pytest.approx(2 / 10_001)
    same = compared(0, 0, 50)
    assert (same["difference"], same["p_bootstrap"], same["p_mcnemar"]) == (0, 1, 1)
    assert same["interval"] == [0, 0]


@settings(max_examples=25, deadline=None)
@given(st.tuples(*3 * [st.integers(0, 12)]))
def test_to_swap_both_is_to_change_the_sign(counts):
    wins, losses, ties = counts
    found, swapped = compared(wins, losses, ties), compared(losses, wins, ties)
    json.dumps([found, swapped], allow_nan=False)
    if sum(counts):
        assert found["difference"] == -swapped["difference"]
        assert found["p_mcnemar"] == swapped["p_mcnemar"]
        low, high = found["interval"]
        np.testing.assert_allclose([-high, -low], swapped["interval"], atol=0.15)


def test_the_seed_decides():
    first, again, other = (compared(9, 4, 30, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first["p_bootstrap"] != other["p_bootstrap"]


def test_less_error_is_a_difference_above_zero():
    generator = np.random.default_rng(0)
    errors, more = generator.random(80), generator.random(80) + 0.2
    found = compare_absolute_errors(errors, {"text": more, "image": errors})
    assert found["text"]["difference"] == pytest.approx((more - errors).mean())
    expected = stats.bootstrap(
        (more - errors,), np.mean, n_resamples=5000, method="percentile", rng=1
    ).confidence_interval
    np.testing.assert_allclose(
        found["text"]["interval"], [expected.low, expected.high], atol=0.005
    )
    assert found["text"]["p_mcnemar"] is None
    assert found["text"]["p_bootstrap"] == pytest.approx(2 / 10_001)
    assert found["image"]["p_bootstrap"] == 1


def test_p_is_raised_by_holm():
    given = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.9}
    comparisons = {
        name: {
            "difference": 0.1,
            "interval": [0, 0.2],
            "p_bootstrap": 0,
            "p_mcnemar": p,
        }
        for name, p in given.items()
    }
    raised = {name: c["p_holm"] for name, c in conclude(comparisons).items()}
    assert raised == pytest.approx({"a": 0.04, "c": 0.09, "b": 0.09, "d": 0.9})


def test_without_rows_nothing_is_compared():
    nothing = np.zeros(0)
    for found in (
        compare_accuracies(nothing.astype(bool), {"text": nothing.astype(bool)}),
        compare_absolute_errors(nothing, {"text": nothing}),
    ):
        text = conclude(found)["text"]
        assert text.pop("sentence") == "not compared with text: there are no rows"
        assert set(text.values()) == {None}


def test_false_alarms_are_rare():
    """Models that do not differ: at most 5% of "better" and "worse" together."""
    generator = np.random.default_rng(0)
    alarms = 0
    for _ in range(100):
        right = generator.random((4, 100)) < 0.7
        rivals = dict(zip("abc", right[1:], strict=True))
        found = conclude(compare_accuracies(right[0], rivals)).values()
        alarms += any("not shown" not in c["sentence"] for c in found)
    assert alarms <= 0.05 * 100

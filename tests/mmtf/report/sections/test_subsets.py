import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmtf.report.sections.subsets import Axis, describe
from tests.mmtf.report.made import made_evidence


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6) | st.none()))
def test_an_axis_holds_all_values(values):
    axis = Axis.around(values)
    assert math.isfinite(axis.low) and axis.low < axis.high
    for value in values:
        place = axis.place(value)
        assert place is None if value is None else -0.01 <= place <= 100.01


def test_an_axis_ends_at_round_values():
    axis = Axis.around([0.667, 0.912])
    assert (axis.low, axis.high) == pytest.approx((0.65, 0.95))
    assert axis.place(0.8) == pytest.approx(50)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_subset_has_a_line_and_the_full_one_stands_out(task):
    evidence = made_evidence(task)
    shown = describe(evidence)
    assert [row["name"] for row in shown["rows"]] == list(evidence.figures["subsets"])
    assert [row["is_full"] for row in shown["rows"]] == [False] * 6 + [True]
    assert shown["rows"][-1]["place"] == shown["guide"]
    low, high = shown["rows"][0]["ends"]
    assert 0 <= low <= shown["rows"][0]["place"] <= high <= 100
    assert len(shown["sentences"]) == 6


def test_metrics_of_an_earlier_release_lack_intervals_and_comparisons():
    subsets = {
        name: {"accuracy": 0.5, "f1": 0.5}
        for name in ("text", "image", "audio", "text+image+audio")
    }
    shown = describe(made_evidence(figures={"subsets": subsets}))
    assert shown["rows"][0]["interval"] == ""
    assert shown["rows"][0]["ends"] is None
    assert shown["rows"][0]["cells"] == [
        "0.500",
        "not defined",
        "not defined",
        "not defined",
    ]
    assert shown["sentences"] == []


def test_the_spread_over_seeds_is_shown():
    figure = {"mean": 0.5, "std": 0.1, "values": [0.4, 0.6]}
    alone = {"mean": 0.5, "std": None, "values": [0.5]}
    seeds = {"accuracy": figure, "subsets": {"text": {"accuracy": figure}}}
    shown = describe(made_evidence(seeds=seeds))["seeds"]
    assert shown["number"] == 2
    assert shown["rows"] == [("text", ["50.0% ± 10.0%"])]
    seeds["subsets"]["text"]["accuracy"] = alone
    assert describe(made_evidence(seeds=seeds))["seeds"]["rows"] == [
        ("text", ["50.0%"])
    ]

import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmtf.report.plots import histogram, line_plot, scatter_plot, series_line
from tests.mmtf.report.read_page import Page


def plot(lines, **options):
    return line_plot("p", "what is seen", lines, x_label="x", y_label="y", **options)


def line(label="a", **changes):
    return series_line(0, **{"x": [0, 1], "y": [0, 1], "label": label, **changes})


def test_a_legend_names_the_lines_as_text():
    page = Page(plot([line("$5 <b>"), line("_hidden")]))
    assert not page.faults
    assert "$5 <b>" in page.text
    assert "_hidden" in page.text


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1))
def test_any_label_can_be_drawn(label):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not Page(plot([line(label)])).faults


def test_a_long_label_is_cut():
    text = Page(plot([line("x" * 100)])).text
    assert "x" * 35 + "…" in text
    assert "x" * 36 not in text


def test_lines_differ_without_colour_too():
    lines = [series_line(i, x=[0, 1], y=[0, i], label=str(i)) for i in range(3)]
    dashes = set(re.findall(r"stroke-dasharray: [\d., ]+", plot(lines)))
    assert len(dashes) == 2  # the first line is solid


@pytest.mark.parametrize("values", [[None, None], [float("nan"), 1.0], []])
def test_unknown_values_are_left_out(values):
    shown = plot([line(x=range(len(values)), y=values)])
    assert "nan" not in shown.lower()


def test_ticks_may_be_words():
    page = Page(plot([line()], x_ticks={0: "clean", 1: "10 dB"}))
    assert "clean" in page.text
    assert "10 dB" in page.text


def test_bands_and_points_are_drawn():
    bare = plot([line()])
    banded = plot([line(band=([0, 0], [1, 2]))])
    sized = plot([line(sizes=[1, 4])])
    assert len({bare, banded, sized}) == 3
    assert "opacity: 0.15" in banded


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 1.0, 2.0]])
def test_points_and_bars_of_few_values(values):
    values = np.array(values)
    assert "<svg" in histogram("h", "bars", values, x_label="x")
    assert "<svg" in scatter_plot(
        "s", "points", values, values, x_label="x", y_label="y"
    )

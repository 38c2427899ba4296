from dataclasses import replace

import pytest

from mmtf.report import compare_runs, comparison_page
from tests.mmtf.report.made import made_evidence
from tests.mmtf.report.read_page import Page


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_page_has_all_that_was_compared(task):
    first = made_evidence(task)
    model = replace(first.config.model, fusion="concat")
    config = replace(first.config, model=model)
    second = replace(made_evidence(task, seed=1), name="<i>b</i>", config=config)
    comparison = compare_runs([first, second])
    page = Page(comparison_page(comparison))
    assert not page.faults
    assert comparison["against_first"][0]["sentence"] in page.text
    assert "model.fusion" in page.text
    assert page.of("i") != []  # the intervals that are drawn
    assert "<i>b</i>" in page.text


def test_runs_without_intervals_make_a_page():
    first = made_evidence()
    for figures in first.figures["subsets"].values():
        del figures["intervals"]
    page = Page(comparison_page(compare_runs([first, replace(first, name="b")])))
    assert not page.faults
    assert "Nothing." in page.text

import numpy as np
import pytest

from mmtf.report.sections.values import MAX_POINTS, describe
from tests.mmtf.report.made import made_evidence
from tests.mmtf.report.read_page import Page


def test_errors_are_summed_up_by_their_percentiles():
    evidence = made_evidence("regression")
    errors = evidence.values() - evidence.predictions.labels
    shown = describe(evidence)
    assert shown["middle"] == pytest.approx(np.median(errors))
    assert shown["low"] == pytest.approx(np.quantile(errors, 0.05))
    assert shown["high"] == pytest.approx(np.quantile(errors, 0.95))
    for plot in (shown["scatter"], shown["errors"]):
        assert not Page(plot).faults


def test_of_many_rows_some_are_drawn_the_same_each_time():
    evidence = made_evidence("regression", rows=MAX_POINTS + 1)
    shown = describe(evidence)
    assert (shown["num_points"], shown["num_rows"]) == (MAX_POINTS, MAX_POINTS + 1)
    assert shown == describe(evidence)


def test_there_is_nothing_without_answers():
    assert describe(made_evidence("regression", predictions=None)) is None
    assert describe(made_evidence("regression", rows=0)) is None
    assert describe(made_evidence()) is None

from mmtf.report.sections.calibration import describe
from tests.mmtf.report.made import made_evidence
from tests.mmtf.report.read_page import Page


def test_figures_before_and_after_the_temperature():
    evidence = made_evidence()
    measured = evidence.figures["calibration"]
    shown = describe(evidence)
    assert shown["temperature"] == "1.250"
    assert shown["rows"][2] == (
        "calibration error",
        f"{measured['before']['ece']:.3f}",
        f"{measured['after']['ece']:.3f}",
    )
    page = Page(shown["diagram"])
    assert "before" in page.text and "after" in page.text
    assert not page.faults


def test_without_a_temperature_scores_are_as_trained():
    shown = describe(made_evidence(is_calibrated=False, temperature=1.0))
    assert not shown["is_fitted"]
    assert "as trained" in Page(shown["diagram"]).text


def test_without_answers_there_are_figures_but_no_diagram():
    shown = describe(made_evidence(predictions=None))
    assert shown["diagram"] is None
    assert len(shown["rows"]) == 3
    assert describe(made_evidence(rows=0))["diagram"] is None


def test_there_is_nothing_for_regression_or_before_evaluation():
    assert describe(made_evidence("regression")) is None
    assert describe(made_evidence(figures=None)) is None

import re
from dataclasses import replace

import pytest

from mmtf.report import find_errors, report_page, write_report
from mmtf.run import Run
from tests.mmtf.report.made import DATA_REPORT, full_row, made_evidence
from tests.mmtf.report.read_page import Page

SECTIONS = {
    "result", "subsets", "mistakes", "reasons", "robustness", "errors", "training",
    "data", "card", "configuration",
}  # fmt: skip


def whole_page(evidence, **shown):
    positions = find_errors(evidence)
    rows = [full_row(id=f"row {position}") for position in positions]
    return report_page(
        evidence, positions=positions, rows=rows, data_report=DATA_REPORT, **shown
    )


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_all_that_is_known_is_on_one_sound_page(task):
    seeds = {"mean": 0.5, "std": 0.1, "values": [0.4, 0.6]}
    key = "accuracy" if task == "classification" else "mae"
    seeds = {key: seeds, "subsets": {"text": {key: seeds}}}
    page = Page(whole_page(made_evidence(task, seeds=seeds)))
    assert not page.faults
    only_here = {"trust"} if task == "classification" else set()
    ids = {attributes.get("id") for attributes in page.of("section")}
    assert ids == SECTIONS | only_here
    assert "makes it." not in page.text
    assert page.of("html") == [{"lang": "en"}]
    assert len(page.of("h1")) == len(page.of("main")) == 1
    assert len(page.of("audio")) == len(page.of("img")) == 6
    assert len(page.of("figure")) == len(page.of("figcaption"))


def test_the_same_run_gives_the_same_page():
    assert whole_page(made_evidence()) == whole_page(made_evidence())


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_is_missing_is_said_with_the_command_that_makes_it(task):
    bare = made_evidence(
        task,
        figures=None,
        predictions=None,
        history=None,
        robustness=None,
        is_calibrated=False,
    )
    page = Page(report_page(bare))
    assert not page.faults
    for words in (
        "The test split was not measured yet. mmtf evaluate RUN DATA makes it.",
        "Not measured yet. mmtf robustness RUN DATA makes it.",
        "There is no history.csv; mmtf train writes it.",
        "The data were not at hand.",
    ):
        assert words in page.text


@pytest.mark.parametrize(
    "part", ["figures", "predictions", "history", "robustness", "is_calibrated"]
)
def test_any_part_may_be_missing(part):
    missing = False if part == "is_calibrated" else None
    assert not Page(whole_page(made_evidence(**{part: missing}))).faults


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_split_without_rows_makes_a_page(task):
    assert not Page(report_page(made_evidence(task, rows=0))).faults


def test_metrics_of_an_earlier_release_make_a_page():
    evidence = made_evidence()
    figures = dict(evidence.figures)
    for name in ("comparisons", "confusion_matrix", "per_class", "calibration"):
        del figures[name]
    subsets = {
        name: {key: of[key] for key in ("accuracy", "f1", "roc_auc", "loss")}
        for name, of in figures["subsets"].items()
    }
    old = replace(evidence, figures={**figures, "subsets": subsets})
    page = Page(whole_page(old))
    assert not page.faults
    assert "It was not compared with models that see less." in page.text


def test_many_classes_make_a_page_of_bounded_size():
    names = tuple(f"class number {index}" for index in range(30))
    page = whole_page(made_evidence(names=names, rows=150))
    assert not Page(page).faults
    assert len(page) < 400_000


def test_names_and_texts_of_the_data_stay_text():
    page = whole_page(made_evidence())
    assert "<script" not in page
    assert "<b>so & so</b>" not in page
    assert "<b>so & so</b>" in Page(page).text


def test_nothing_is_fetched():
    page = whole_page(made_evidence())
    assert not re.search(
        r"https?:|//\w", re.sub(r"data:[\w/]+;base64,[\w+/=]+", "", page)
    )


def test_it_is_written_into_the_run(tmp_path):
    evidence = made_evidence(predictions=None)
    path = write_report(Run(str(tmp_path)), evidence, data_report=DATA_REPORT)
    assert path == str(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text == report_page(evidence, data_report=DATA_REPORT)

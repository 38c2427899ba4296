from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mmtf.report.page import render
from mmtf.report.sections.errors import describe, find_errors
from tests.mmtf.report.made import Row, full_row, made_evidence
from tests.mmtf.report.read_page import Page


def with_logits(evidence, logits, labels):
    predictions = evidence.predictions
    predictions = replace(
        predictions,
        labels=np.array(labels),
        logits={**predictions.logits, "text+image+audio": np.array(logits, "float32")},
    )
    return replace(evidence, predictions=predictions)


def test_the_most_confident_errors_come_first():
    logits = [[9, 0, 0], [0, 1, 0], [0, 4, 0], [0, 0, 2]]
    evidence = with_logits(made_evidence(rows=4), logits, [0, 0, 0, 2])
    assert find_errors(evidence) == [2, 1]
    assert find_errors(evidence, 1) == [2]


def test_the_largest_errors_come_first():
    evidence = with_logits(
        made_evidence("regression", rows=3), [[1], [5], [-8]], [1.0, 2.0, 3.0]
    )
    assert find_errors(evidence) == [2, 1]


def test_there_are_none_without_answers():
    assert find_errors(made_evidence(predictions=None)) == []
    assert describe(made_evidence(predictions=None), [], []) is None
    assert find_errors(made_evidence(rows=0)) == []


def test_a_card_has_the_answer_and_what_was_seen():
    evidence = with_logits(made_evidence(rows=1), [[0, 0, 5]], [0])
    shown = describe(evidence, [0], [full_row(text="x" * 700)])
    (card,) = shown["cards"]
    scores = evidence.scores()[0]
    assert (card["label"], card["answer"]) == ("bad", "good")
    assert card["score"] == f"{scores[2]:.3f}"
    assert card["label_score"] == f"{scores[0]:.3f}"
    assert card["text"] == "x" * 600 + "…"
    assert card["picture"] and card["recording"] and card["absent"] == []
    assert [shown for _, shown, _ in card["weights"]] == ["50%", "30%", "20%"]
    assert (shown["num_errors"], shown["num_rows"]) == (1, 1)


def section(evidence, positions, rows):
    shown = describe(evidence, positions, rows)
    html = render("report_errors.html.j2", run=evidence, errors=shown)
    return Page(f"<h1>Report</h1>{html}")


def test_a_card_shows_and_plays_and_says_what_is_absent_or_broken():
    evidence = made_evidence()
    rows = [full_row(), Row(text=""), Row(image=b"broken", audio=b"broken")]
    page = section(evidence, [0, 1, 2], rows)
    assert len(page.of("img")) == len(page.of("audio")) == 1
    assert "controls" in page.of("audio")[0]
    assert page.of("audio")[0]["src"].startswith("data:audio/wav;base64,")
    assert "Without text, image, audio." in page.text
    assert "Its image cannot be shown." in page.text
    assert "Its recording cannot be played." in page.text


def test_regression_shows_both_values():
    evidence = with_logits(made_evidence("regression", rows=1), [[2.5]], [-1.0])
    page = section(evidence, [0], [full_row()])
    assert "\N{MINUS SIGN}1.000 taken for 2.500" in page.text
    assert "The largest errors" in page.text


EVIDENCE = made_evidence(rows=3)


@settings(max_examples=20, deadline=None)
@given(st.text(), st.text(min_size=1))
def test_whatever_the_row_says_is_text(text, row_id):
    page = section(EVIDENCE, [0], [full_row(text=text, id=row_id)])
    assert not page.faults
    assert page.of("script") == []

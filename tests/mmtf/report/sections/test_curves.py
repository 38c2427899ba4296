from dataclasses import replace

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from mmtf.report.sections.curves import MAX_CLASSES, describe
from tests.mmtf.report.made import NAMES, made_evidence
from tests.mmtf.report.read_page import Page


def test_legends_have_the_areas_of_scikit_learn():
    evidence = made_evidence()
    labels, scores = evidence.predictions.labels, evidence.scores()
    shown = describe(evidence)
    for plot, area in (
        (shown["roc"], roc_auc_score),
        (shown["precision_recall"], average_precision_score),
    ):
        text = Page(plot).text
        for index, name in enumerate(NAMES):
            assert f"{name} ({area(labels == index, scores[:, index]):.3f})" in text


def test_of_many_classes_the_commonest_are_drawn():
    names = tuple("abcdefghij")
    evidence = made_evidence(names=names, rows=300)
    counts = np.bincount(evidence.predictions.labels)
    shown = describe(evidence)
    drawn = [name for name in names if f"{name} (" in Page(shown["roc"]).text]
    least = min(counts[names.index(name)] for name in drawn)
    assert len(drawn) == MAX_CLASSES
    assert sorted(counts)[-MAX_CLASSES] == least
    assert shown["left_out"] == len(names) - MAX_CLASSES


def test_many_rows_make_no_heavy_picture():
    few, many = (
        describe(made_evidence(rows=rows, figures=None)) for rows in (1000, 20000)
    )
    assert len(many["roc"]) < 1.5 * len(few["roc"])


def test_one_class_alone_has_no_curve():
    evidence = made_evidence(rows=10)
    labels = np.zeros(10, int)
    one = replace(evidence, predictions=replace(evidence.predictions, labels=labels))
    assert describe(one) is None
    assert describe(made_evidence(rows=0)) is None
    assert describe(made_evidence(predictions=None)) is None
    assert describe(made_evidence("regression")) is None

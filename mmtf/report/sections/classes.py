"""Which classes are taken for which.

Legend: C classes.
"""

from mmtf.report.evidence import Evidence
from mmtf.report.page import number, percent

MAX_MATRIX_CLASSES = 12
"""Beyond, the commonest confusions are listed in place of the matrix."""
MAX_ROWS = 20


def describe(evidence: Evidence) -> dict | None:
    """`matrix` or `confusions`, and the figures of each class."""
    figures = evidence.figures
    if evidence.task == "regression" or "confusion_matrix" not in (figures or {}):
        return None
    names, counts = evidence.class_names, figures["confusion_matrix"]
    is_small = len(names) <= MAX_MATRIX_CLASSES
    classes = list(figures["per_class"].items())
    if len(classes) > MAX_ROWS:
        classes.sort(key=_f1)
    return {
        "names": names,
        "matrix": _matrix(names, counts) if is_small else None,
        "confusions": None if is_small else _confusions(names, counts),
        "classes": [_class(name, of) for name, of in classes[:MAX_ROWS]],
        "left_out": max(0, len(classes) - MAX_ROWS),
    }


def _f1(item):
    _, figures = item
    return 2.0 if figures["f1"] is None else figures["f1"]


def _matrix(names, counts):
    """Rows of the true classes: name, number of rows, and a cell for each answer."""
    return [
        {
            "name": name,
            "support": sum(row),
            "cells": [
                {
                    "count": cell,
                    "share": cell / sum(row) if sum(row) else 0.0,
                    "percent": percent(cell / sum(row), 0) if sum(row) else "",
                    "is_right": answer == true,
                }
                for answer, cell in enumerate(row)
            ],
        }
        for true, (name, row) in enumerate(zip(names, counts, strict=True))
    ]


def _confusions(names, counts):
    """The commonest wrong answers: rows, share of the class, true, answered."""
    found = [
        (cell, percent(cell / sum(row)), names[true], names[answer])
        for true, row in enumerate(counts)
        for answer, cell in enumerate(row)
        if cell and answer != true
    ]
    return sorted(found, key=lambda confusion: -confusion[0])[:MAX_ROWS]


def _class(name, figures):
    shares = [figures[key] for key in ("precision", "recall", "f1")]
    return {
        "name": name,
        "support": figures["support"],
        "figures": [(number(value), 100 * (value or 0)) for value in shares],
    }

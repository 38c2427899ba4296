"""The wrong answers that the model was surest of, to look at and listen to.

Legend: N rows, C classes.
"""

from collections.abc import Sequence

import numpy as np

from mmtf.features import MODALITIES
from mmtf.report.evidence import Evidence
from mmtf.report.page import number, percent
from mmtf.report.rows import Row, describe_row

NUM_ERRORS = 6


def find_errors(evidence: Evidence, number: int = NUM_ERRORS) -> list[int]:
    """Positions in the split of the rows to show, the worst first.

    For classification the wrong answers with the highest scores; for regression the
    values furthest from the truth. Empty without predictions.

    Args:
        evidence: of the split.
        number: at most so many.
    """
    predictions = evidence.predictions
    if predictions is None:
        return []
    if evidence.task == "regression":
        distance = np.abs(evidence.values() - predictions.labels)
    else:
        scores = evidence.scores()
        is_wrong = scores.argmax(-1) != predictions.labels
        distance = np.where(is_wrong, scores.max(-1), 0.0)
    worst = np.argsort(-distance, kind="stable")[:number]
    return [int(index) for index in worst if distance[index] > 0]


def describe(
    evidence: Evidence, positions: Sequence[int], rows: Sequence[Row]
) -> dict | None:
    """A card for each row, and how many errors there are.

    Args:
        evidence: of the split.
        positions: what `find_errors` returns.
        rows: those rows of the data.
    """
    if evidence.predictions is None:
        return None
    is_regression = evidence.task == "regression"
    answers = evidence.values() if is_regression else evidence.scores()
    return {
        "cards": [
            {
                "id": row.id,
                **_answer(evidence, answers[position], position),
                **describe_row(row),
            }
            for position, row in zip(positions, rows, strict=True)
        ],
        "num_errors": _num_errors(evidence, answers),
        "num_rows": len(evidence.predictions.labels),
        "limits": _limits(evidence.config),
    }


def _num_errors(evidence, answers):
    if evidence.task == "regression":
        return None
    return int((answers.argmax(-1) != evidence.predictions.labels).sum())


def _answer(evidence, answer, position):
    predictions = evidence.predictions
    weights = predictions.modality_weights[position]
    shown = {
        "weights": [
            (modality, percent(weight, 0), 100 * float(weight))
            for modality, weight in zip(MODALITIES, weights, strict=True)
        ]
    }
    label = predictions.labels[position]
    if evidence.task == "regression":
        return shown | {"label": number(label), "answer": number(float(answer))}
    best = int(answer.argmax())
    return shown | {
        "label": evidence.class_names[label],
        "answer": evidence.class_names[best],
        "score": number(answer[best]),
        "label_score": number(answer[label]),
    }


def _limits(config):
    """What the model sees of a row, which is not all that the page shows."""
    model = config.model
    return (
        f"The model reads {model.text.sequence_length} tokens of a text, images at "
        f"{model.image.size} × {model.image.size} pixels and {model.audio.seconds:g} s "
        "of a recording."
    )

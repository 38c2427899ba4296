"""The wrong answers that the model was surest of, to look at and listen to.

Legend: N rows, C classes.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT
from mmtf.report.evidence import Evidence
from mmtf.report.media import picture, recording
from mmtf.report.page import number, percent

NUM_ERRORS = 6
_MAX_TEXT_CHARACTERS = 600


class Row(Protocol):
    """What this file reads of a row of the data, as `pipelines.Row` has it."""

    id: str
    text: str
    image: bytes
    audio: bytes


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
    return {
        "cards": [
            {**_answer(evidence, position), **_content(row)}
            for position, row in zip(positions, rows, strict=True)
        ],
        "num_errors": _num_errors(evidence),
        "num_rows": len(evidence.predictions.labels),
        "limits": _limits(evidence.config),
    }


def _num_errors(evidence):
    if evidence.task == "regression":
        return None
    answers = evidence.scores().argmax(-1)
    return int((answers != evidence.predictions.labels).sum())


def _answer(evidence, position):
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
        value = float(evidence.values()[position])
        return shown | {"label": number(label), "answer": number(value)}
    scores = evidence.scores()[position]
    answer = int(scores.argmax())
    return shown | {
        "label": evidence.class_names[label],
        "answer": evidence.class_names[answer],
        "score": number(scores[answer]),
        "label_score": number(scores[label]),
    }


def _content(row):
    return {
        "id": row.id,
        "text": _cut(row.text),
        "picture": picture(row.image) if row.image else None,
        "recording": recording(row.audio) if row.audio else None,
        "absent": [
            modality
            for modality, content in (
                (TEXT, row.text),
                (IMAGE, row.image),
                (AUDIO, row.audio),
            )
            if not content
        ],
    }


def _cut(text):
    if len(text) <= _MAX_TEXT_CHARACTERS:
        return text
    return text[:_MAX_TEXT_CHARACTERS].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _limits(config):
    """What the model sees of a row, which is not all that the page shows."""
    model = config.model
    return (
        f"The model reads {model.text.sequence_length} tokens of a text, images at "
        f"{model.image.size} × {model.image.size} pixels and {model.audio.seconds:g} s "
        "of a recording."
    )

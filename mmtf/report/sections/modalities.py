"""How much the answers rest on each modality: weights and contributions.

Legend: N rows, M modalities (3), C outputs, G groups of rows.
"""

import numpy as np
from keras import ops

from mmtf.evaluation.predictions import NONE
from mmtf.evaluation.shapley import COALITIONS, EMPTY, FULL, shapley_values
from mmtf.features import MODALITIES, subset_mask, subset_name
from mmtf.report.evidence import Evidence
from mmtf.report.page import number, percent

MAX_CLASSES = 20
_THIRDS = ("lowest third", "middle third", "highest third")


def describe(evidence: Evidence) -> dict | None:
    """Means over the rows of each class (or third of the values), and over all."""
    predictions = evidence.predictions
    if predictions is None or not len(predictions.labels):
        return None
    explained = _explained(evidence)  # (8, N)
    # What the model has no encoder for is absent from every row.
    presence = predictions.presence & subset_mask(evidence.config.model.modalities)
    contributions = ops.convert_to_numpy(
        shapley_values(explained[:, :, None], presence)
    )[:, :, 0]
    parts = {
        "weights": predictions.modality_weights,
        "contributions": contributions,
        "base": explained[EMPTY],
        "full": explained[FULL],
    }
    groups = _groups(evidence)
    rows = [
        _row(name, {k: v[member] for k, v in parts.items()}) for name, member in groups
    ]
    largest = max(abs(value) for row in rows for value in row["contributions"])
    return {
        "fusion": evidence.config.model.fusion,
        "rows": [_shown(row, largest or 1.0, evidence.task) for row in rows],
        "left_out": max(0, len(evidence.class_names) - MAX_CLASSES),
    }


def _explained(evidence):
    """(8, N): the score of the right class, or the value, on each coalition."""
    names = [subset_name(subset) or NONE for subset in COALITIONS]
    if evidence.task == "regression":
        return np.stack([evidence.values(name) for name in names])
    labels = evidence.predictions.labels
    rows = np.arange(len(labels))
    return np.stack([evidence.scores(name)[rows, labels] for name in names])


def _groups(evidence):
    """(name, indices) of all rows and of those of each class or third."""
    labels = evidence.predictions.labels
    groups = [("all rows", np.arange(len(labels)))]
    if evidence.task == "classification":
        counts = np.bincount(labels, minlength=len(evidence.class_names))
        commonest = np.argsort(-counts, kind="stable")[:MAX_CLASSES]
        groups += [
            (evidence.class_names[index], np.flatnonzero(labels == index))
            for index in sorted(commonest.tolist())
        ]
    else:
        thirds = np.array_split(np.argsort(labels, kind="stable"), len(_THIRDS))
        groups += zip(_THIRDS, thirds, strict=True)
    return [(name, member) for name, member in groups if len(member)]


def _row(name, parts):
    means = {key: values.mean(axis=0) for key, values in parts.items()}
    return {"name": name, "rows": len(parts["base"]), **means}


def _shown(row, largest, task):
    show = number if task == "regression" else percent
    return {
        "name": row["name"],
        "rows": row["rows"],
        "weights": [
            (modality, percent(weight, 0), 100 * float(weight))
            for modality, weight in zip(MODALITIES, row["weights"], strict=True)
        ],
        "base": show(float(row["base"])),
        "contributions": [
            (modality, _signed(show, float(value)), 100 * abs(float(value)) / largest)
            for modality, value in zip(MODALITIES, row["contributions"], strict=True)
        ],
        "full": show(float(row["full"])),
    }


def _signed(show, value):
    shown = show(value).removesuffix("%")
    return shown if value < 0 else f"+{shown}"

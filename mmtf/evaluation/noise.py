"""How a model does as one modality gets worse, beside that modality alone.

Legend: N rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from mmtf.evaluation.encoders import Encoded, Encoders
from mmtf.evaluation.robustness import row_figures
from mmtf.features import subset_mask
from mmtf.model import classifier

ROWS_AT_ONCE = 1024


class Corruption(Protocol):
    """What this file reads of a `pipelines.corruption.Corruption`."""

    name: str
    modality: str
    unit: str
    levels: tuple[float, ...]


def noise_curves(
    model: keras.Model,
    clean: tf.data.Dataset,
    corruptions: Sequence[Corruption],
    corrupted: Callable[[Corruption, float], tf.data.Dataset],
    *,
    task: str,
    temperature: float = 1.0,
    advance: Callable[[int], object] = lambda rows: None,
) -> dict[str, dict]:
    """Figures under each corruption at each of its levels.

    Each modality of each row is encoded once as it is, and once for each level of
    the corruptions that concern it. Features are kept for all rows: with the base
    preset 15 KB for each.

    Args:
        model: what `mmtf.build_model` makes.
        clean: `(batch, label)` with every row once.
        corruptions: of modalities that the model has encoders for.
        corrupted: gives the same rows in the same order, their modality made worse;
            the other modalities are not looked at.
        task: as for `row_figures`.
        temperature: as for `row_figures`.
        advance: told how many rows were encoded, batch by batch; in the end N times
            one more than there are levels.

    Returns:
        "noise" of robustness.json, see mmtf/evaluation/robustness.py.
    """
    encoders = Encoders(model, {c.modality for c in corruptions}, advance=advance)
    split = _Split(
        encoders.encode(clean),
        tf.function(classifier(model), reduce_retracing=True),
        {"task": task, "temperature": temperature},
    )

    def measure(corruption, level):
        rows = corrupted(corruption, level)
        features = encoders.encode_one(rows, corruption.modality)
        return {"level": level, **split.figures(corruption.modality, features)}

    return {
        c.name: {
            "modality": c.modality,
            "unit": c.unit,
            "clean": split.figures(c.modality, split.encoded.features[c.modality]),
            "levels": [measure(c, level) for level in c.levels],
        }
        for c in corruptions
    }


@dataclass(frozen=True)
class _Split:
    encoded: Encoded
    fuse: Callable[[dict], dict]
    how: dict
    """Of `row_figures`."""

    def figures(self, modality, features):
        """Figures with other features of a modality, and of that modality alone."""
        features = {**self.encoded.features, modality: features}
        presence = self.encoded.presence
        alone = presence & subset_mask((modality,))
        return {
            **self._means(features, presence),
            "alone": self._means(features, alone),
        }

    def _means(self, features, presence):
        logits = _logits(self.fuse, features, presence)
        figures = row_figures(self.encoded.labels, logits, **self.how)
        return {key: float(values.mean()) for key, values in figures.items()}


def _logits(fuse, features, presence):
    whole = {**features, "presence": presence}
    parts = [
        fuse({key: tf.constant(v[at : at + ROWS_AT_ONCE]) for key, v in whole.items()})
        for at in range(0, len(presence), ROWS_AT_ONCE)
    ]
    return np.concatenate([part["logits"] for part in parts])

"""One pass over a dataset: the model's answers for all modality subsets.

Legend: N rows, C outputs, M modalities (3).
"""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from mmtf.errors import InputError
from mmtf.features import FULL, MODALITIES, SUBSETS, subset_mask, subset_name
from mmtf.model import classifier, feature_model

# The eighth answer: what the model says of a row that it sees nothing of.
NONE = "none"
_MASKS = {subset_name(subset): subset_mask(subset) for subset in SUBSETS} | {
    NONE: subset_mask(())
}


@dataclass(frozen=True)
class Predictions:
    """What a model says of a dataset.

    Args:
        labels: (N,) class indices or values.
        logits: of each subset's name and of "none", (N, C) float32, not divided by
            the temperature. The subset is all that the model may see; a row that has
            none of it is answered from nothing.
        presence: (N, M) bool, which modalities the rows have.
        modality_weights: (N, M) float32, the fusion's weights when it sees all.
        ids: N names of rows, "" where unknown.
    """

    labels: np.ndarray
    logits: dict[str, np.ndarray]
    presence: np.ndarray
    modality_weights: np.ndarray
    ids: tuple[str, ...]

    def save(self, path: str) -> None:
        """Writes all of it to one .npz file, aside and renamed."""
        arrays = {
            "labels": self.labels,
            "presence": self.presence,
            "modality_weights": self.modality_weights,
            "ids": np.array(self.ids, dtype=np.str_),
            **{f"logits/{name}": logits for name, logits in self.logits.items()},
        }
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".tmp-")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.chmod(aside, 0o644)
        os.replace(aside, path)

    @classmethod
    def load(cls, path: str) -> "Predictions":
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                labels=arrays["labels"],
                logits={name: arrays[f"logits/{name}"] for name in _MASKS},
                presence=arrays["presence"],
                modality_weights=arrays["modality_weights"],
                ids=tuple(arrays["ids"].tolist()),
            )


def predict_subsets(
    model: keras.Model, dataset: Iterable, *, ids: Sequence[str] | None = None
) -> Predictions:
    """Encodes each modality of each row once and fuses it eight times.

    For several datasets of one model, `SubsetPredictor` compiles once.

    Args:
        model: what `mmtf.build_model` makes.
        dataset: `(batch, label)`, see `pipelines.eval_dataset`.
        ids: names of the rows, in the dataset's order; unknown when None.

    Raises:
        InputError: the model answers with something that is no number.
        ValueError: there are more or fewer ids than rows.
    """
    return SubsetPredictor(model).predict(dataset, ids=ids)


class SubsetPredictor:
    """A model that answers for all subsets.

    Args:
        model: what `mmtf.build_model` makes.
    """

    def __init__(self, model: keras.Model):
        self._step = _compiled_step(model)
        self._nothing = _nothing(model.output_shape[-1])

    def predict(
        self, dataset: Iterable, *, ids: Sequence[str] | None = None
    ) -> Predictions:
        """As `predict_subsets`."""
        arrays = self._answers(dataset)
        _check_finite(arrays)
        num_rows = len(arrays["labels"])
        ids = ("",) * num_rows if ids is None else tuple(ids)
        if len(ids) != num_rows:
            raise ValueError(
                f"`ids` must name each row. Received: {len(ids)} for {num_rows} rows."
            )
        logits = {name: arrays.pop(name) for name in _MASKS}
        return Predictions(logits=logits, ids=ids, **arrays)

    def _answers(self, dataset):
        parts = []
        for batch, label in dataset:
            answers = {
                name: tensor.numpy() for name, tensor in self._step(batch).items()
            }
            given = {"labels": label, "presence": batch["presence"]}
            parts.append(answers | {k: np.asarray(v) for k, v in given.items()})
        parts = parts or [self._nothing]
        return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _compiled_step(model):
    """From a batch to logits (B, C) by subset, and `modality_weights` (B, M)."""
    encode, classify = feature_model(model), classifier(model)

    @tf.function(reduce_retracing=True)
    def step(batch):
        features = encode(batch, training=False)
        answers = {
            name: classify(
                {**features, "presence": batch["presence"] & mask}, training=False
            )
            for name, mask in _MASKS.items()
        }
        return {
            **{name: answer["logits"] for name, answer in answers.items()},
            "modality_weights": answers[FULL]["modality_weights"],
        }

    return step


def _nothing(num_outputs):
    empty = np.zeros((0, len(MODALITIES)), "float32")
    return {
        "labels": np.zeros(0, "int64"),
        "presence": empty.astype(bool),
        "modality_weights": empty,
        **{name: np.zeros((0, num_outputs), "float32") for name in _MASKS},
    }


def _check_finite(arrays):
    for name in _MASKS:
        wrong = ~np.isfinite(arrays[name]).all(axis=-1)
        if wrong.any():
            raise InputError(
                "A model must answer with numbers. Received: NaN or infinity for "
                f"{wrong.sum()} of {len(wrong)} rows, seeing {name}. Its training went "
                "astray: try a lower --train.learning-rate."
            )

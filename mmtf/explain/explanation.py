"""An explanation as data.

Legend: M modalities (3), C outputs, L tokens, H and W pixels, T samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmtf.config import Labels
from mmtf.explain.integrated_gradients import Attribution
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT

GRID_CELLS = 8
"""Cells of the coarse grid over an image, each way."""
SPAN_SECONDS = 0.1
"""What a waveform's attributions are added up over."""


@dataclass(frozen=True)
class Explanation:
    """Why a model answers as it does for one row.

    Attributes:
        labels: the task, and the classes in the order of C.
        explained: index in C of the output whose attributions these are.
        scores: (C,) probabilities, or the value of a regression.
        base_scores: (C,) the same with nothing seen.
        contributions: (M, C) what each modality adds, see `shapley_values`.
        modality_weights: (M,) the fusion's weights.
        presence: (M,) which modalities the row has.
        tokens: L texts, special ones and padding left out.
        waveform: (T,) what the model hears, without padding.
        image: (H, W, 3) in [0, 255], what it sees.
        sample_rate_hz: of the waveform.
        attributions: by modality present: `values` (L,) for the text, (H, W) for
            the image, (T,) for the audio. For classes they explain the log-odds of
            the class explained, for a regression its value.
    """

    labels: Labels
    explained: int
    scores: np.ndarray
    base_scores: np.ndarray
    contributions: np.ndarray
    modality_weights: np.ndarray
    presence: np.ndarray
    tokens: tuple[str, ...]
    image: np.ndarray
    waveform: np.ndarray
    sample_rate_hz: int
    attributions: Mapping[str, Attribution]

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of C: the classes, or `value`."""
        if self.labels.task == "regression":
            return ("value",)
        return tuple(self.labels.class_names)

    @property
    def explained_name(self) -> str:
        """The class explained, or `value`."""
        return self.output_names[self.explained]

    @property
    def explained_score(self) -> str:
        """What the contributions explain, in words."""
        if self.labels.task == "regression":
            return "the value"
        return f"the score of {self.explained_name!r}"

    @property
    def explained_output(self) -> str:
        """What the attributions explain, in words."""
        if self.labels.task == "regression":
            return "the value"
        return f"the log-odds of {self.explained_name!r}"

    def image_grid(self) -> np.ndarray:
        """(8, 8) sums of the image's attributions, row by row from the top."""
        values = self.attributions[IMAGE].values
        rows, columns = (_edges(size, GRID_CELLS) for size in values.shape)
        sums = np.add.reduceat(values.astype("float64"), rows[:-1], axis=0)
        return np.add.reduceat(sums, columns[:-1], axis=1)

    def audio_spans(self) -> np.ndarray:
        """Sums of the waveform's attributions over each 100 ms."""
        values = self.attributions[AUDIO].values.astype("float64")
        span = max(1, round(SPAN_SECONDS * self.sample_rate_hz))
        return np.add.reduceat(values, np.arange(0, len(values), span))

    def to_dict(self) -> dict:
        """What `mmtf explain --json` prints."""
        names = self.output_names
        return {
            "explained": self.explained_name,
            "scores": _named(names, self.scores),
            "base_scores": _named(names, self.base_scores),
            "contributions": {
                modality: _named(names, row)
                for modality, row in zip(MODALITIES, self.contributions, strict=True)
            },
            "modality_weights": _named(MODALITIES, self.modality_weights),
            "presence": dict(zip(MODALITIES, self.presence.tolist(), strict=True)),
            "attributions": {
                modality: self._attribution(modality) for modality in MODALITIES
            },
        }

    def _attribution(self, modality):
        if modality not in self.attributions:
            return None
        attribution = self.attributions[modality]
        return {
            "of": self.explained_output,
            "baseline_output": attribution.baseline_output,
            "output": attribution.output,
            "completeness_error": attribution.error,
            "relative_completeness_error": attribution.relative_error,
            **_PARTS[modality](self),
        }


def _edges(size, cells):
    return np.linspace(0, size, min(size, cells) + 1).astype(int)


def _named(names, values):
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _tokens(explanation):
    values = explanation.attributions[TEXT].values
    return {
        "tokens": [
            {"token": token, "attribution": float(value)}
            for token, value in zip(explanation.tokens, values, strict=True)
        ]
    }


def _grid(explanation):
    return {"grid": explanation.image_grid().tolist()}


def _spans(explanation):
    return {
        "span_seconds": SPAN_SECONDS,
        "spans": explanation.audio_spans().tolist(),
    }


_PARTS = {TEXT: _tokens, IMAGE: _grid, AUDIO: _spans}

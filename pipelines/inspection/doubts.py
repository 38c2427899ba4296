"""Rows whose labels small models doubt, before they have names."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Doubts:
    """Rows whose labels the models doubt, the most doubtful first."""

    reason: str
    """Why none were looked for; empty if they were."""
    score: float | None = None
    """Accuracy, or R2, on rows that the models did not train on."""
    baseline: float | None = None
    """The same without any model."""
    weights: dict[str, float] = field(default_factory=dict)
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    """int, positions among the N rows."""
    likely: np.ndarray | None = None
    """For these, the class or number that the models say."""
    given_score: np.ndarray | None = None
    likely_score: np.ndarray | None = None
    """See `findings.Suspect`."""

"""How a model does as modalities go missing: accuracy against the share of rows.

RUN/robustness.json, which `mmtf robustness` writes, holds

    {"split": "test", "examples": 240, "seed": 0,
     "dropped": {"text" | "image" | "audio" | "all":
                 [{"share": 0.0, "accuracy", "std", "loss"}, ... {"share": 1.0, ...}]},
     "noise": {name: {"modality", "unit",
                      "clean": {"accuracy", "loss", "alone": {"accuracy", "loss"}},
                      "levels": [{"level", "accuracy", "loss", "alone": {...}}, ...]}}}

For regression "mae" stands in the place of "accuracy". Levels go from the mildest to
the worst, in `unit`; "alone" is the model that sees that modality only. Losses are
those of calibrated scores. `dropped_curves` makes "dropped",
`mmtf.evaluation.noise` makes "noise". Legend: N rows, C outputs, M modalities (3).
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax

from mmtf.evaluation.predictions import NONE, Predictions
from mmtf.features import MODALITIES, SUBSETS, subset_mask, subset_name

SHARES = tuple(tenth / 10 for tenth in range(11))
DRAWS = 20
ALL = "all"

_BITS = 2 ** np.arange(len(MODALITIES))
# What a row is left with: a number whose bits are the modalities.
_SUBSETS = {0: NONE} | {
    int(_BITS @ subset_mask(subset)): subset_name(subset) for subset in SUBSETS
}


def row_figures(
    labels: np.ndarray, logits: np.ndarray, *, task: str, temperature: float = 1.0
) -> dict[str, np.ndarray]:
    """What each row adds to the figures, which are means over rows.

    Args:
        labels: (N,) class indices, or values for regression.
        logits: (N, C), not yet divided by the temperature.
        task: "classification" or "regression".
        temperature: of the run.

    Returns:
        (N,) each: `accuracy` (0 or 1) and `loss` (cross-entropy), or `mae` (absolute
        error) and `loss` (squared error).
    """
    logits = logits.astype("float64")
    if task == "regression":
        error = np.abs(logits[:, 0] - labels)
        return {"mae": error, "loss": error**2}
    log_scores = log_softmax(logits / temperature, axis=-1)
    return {
        "accuracy": (log_scores.argmax(-1) == labels).astype("float64"),
        "loss": -log_scores[np.arange(len(labels)), labels],
    }


def dropped_curves(
    predictions: Predictions,
    *,
    task: str,
    temperature: float = 1.0,
    modalities: Sequence[str] = MODALITIES,
    seed: int = 0,
    draws: int = DRAWS,
) -> dict[str, list[dict[str, float]]]:
    """Figures when a share of the rows has lost a modality, or all of them.

    The model is not asked again: a row that has lost its text is answered as the
    subset image+audio was. At each share just so many rows, drawn anew each time,
    lose the modality; those that never had it lose nothing. Those that lose it at
    one share lose it at all greater ones. Under `all`, each modality is lost by that
    share of the rows, independently of the others, so that at 1 nothing is left.

    Args:
        predictions: of a split.
        task: as for `row_figures`.
        temperature: as for `row_figures`.
        modalities: which to lose: those that the model is built with.
        seed: same seed, same curves.
        draws: of rows; 2 or more.

    Returns:
        For each modality and `all`, a point for each of `SHARES`: `share`, the
        mean over draws of `accuracy` (or `mae`) and of `loss`, and `std`, the
        standard deviation of the first over draws, 0 where all rows lose or keep.
    """
    by_subset = [
        row_figures(
            predictions.labels,
            predictions.logits[_SUBSETS[number]],
            task=task,
            temperature=temperature,
        )
        for number in range(len(_SUBSETS))
    ]
    figures = {key: np.stack([of[key] for of in by_subset]) for key in by_subset[0]}
    ranks = _draw_ranks(len(predictions.labels), draws, seed)
    curves = {name: subset_mask((name,)) for name in modalities}
    curves[ALL] = subset_mask(tuple(modalities))
    return {
        name: [_point(figures, ranks, np.array(losing), share) for share in SHARES]
        for name, losing in curves.items()
    }


def _draw_ranks(num_rows, draws, seed):
    """(draws, N, M): an order of the rows for each draw and modality."""
    chance = np.random.default_rng(seed).random((draws, num_rows, len(MODALITIES)))
    return chance.argsort(axis=1).argsort(axis=1)


def _point(figures, ranks, losing, share):
    num_rows = ranks.shape[1]
    lost = losing & (ranks < round(share * num_rows))
    left = (~lost) @ _BITS
    means = {
        key: values[left, np.arange(num_rows)].mean(axis=1)
        for key, values in figures.items()
    }
    headline = next(iter(means))
    return {
        "share": share,
        **{key: float(values.mean()) for key, values in means.items()},
        "std": float(means[headline].std(ddof=1)),
    }

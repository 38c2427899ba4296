"""How lengths, sizes and levels are distributed. Legend: N rows."""

import numpy as np

from pipelines.inspection.facts import ABSENT, UNREADABLE
from pipelines.inspection.findings import Measure

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
NUM_BARS = 30
# The histogram ends here, or one long text would press all others into a bar.
_LAST_EDGE = 0.99

_MEASURES = {
    "text length": ("text", "text_characters", "characters"),
    "text words": ("text", "text_words", "words"),
    "image width": ("image", "image_width", "pixels"),
    "image height": ("image", "image_height", "pixels"),
    "audio duration": ("audio", "audio_seconds", "seconds"),
    "audio silence": ("audio", "audio_silence", "share of the duration"),
    "audio clipped": ("audio", "audio_clipped", "share of the samples"),
}


def measure_all(
    facts: np.ndarray, split_of_row: np.ndarray, splits: tuple[str, ...]
) -> dict[str, Measure]:
    """Measures what the rows have of each modality, unreadable media left out.

    Args:
        facts: `FACTS` (N,).
        split_of_row: int (N,), indices into `splits`.
        splits: names.

    Returns:
        By name; those that no row has are left out.
    """
    measures = {}
    for name, (modality, field, unit) in _MEASURES.items():
        has = ~np.isin(facts[f"{modality}_state"], (ABSENT, UNREADABLE))
        if not has.any():
            continue
        values = facts[field].astype("float64")
        parts = {"all": values[has]}
        for index, split in enumerate(splits):
            of_split = values[has & (split_of_row == index)]
            if len(of_split):
                parts[split] = of_split
        edges, counts = _histogram(values[has], whole=facts[field].dtype.kind == "i")
        quantiles = {split: quantiles_of(part) for split, part in parts.items()}
        measures[name] = Measure(
            unit=unit, quantiles=quantiles, edges=edges, counts=counts
        )
    return measures


def quantiles_of(values: np.ndarray) -> dict[str, float]:
    """`QUANTILES` of numbers, by their names."""
    found = np.quantile(values, QUANTILES)
    return {f"{q:g}": float(value) for q, value in zip(QUANTILES, found, strict=True)}


def _histogram(values, *, whole):
    low, high = float(values.min()), float(np.quantile(values, _LAST_EDGE))
    # Bars of whole numbers hold equally many of them, or they would look uneven.
    width = max((high - low) / NUM_BARS, 1.0 if whole else 1e-6)
    width = np.ceil(width) if whole else width
    num_bars = max(1, int(np.ceil((high - low + whole) / width - 1e-9)))
    edges = low + width * np.arange(num_bars + 1)
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    return tuple(edges.tolist()), tuple(counts.tolist())

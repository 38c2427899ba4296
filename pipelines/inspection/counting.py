"""Rows by split, modality and label. Legend: N rows."""

import numpy as np

from mmtf.config import Labels
from mmtf.features import MODALITIES, SUBSETS, subset_mask, subset_name
from pipelines.inspection.balance import compare_counts, compare_numbers
from pipelines.inspection.facts import ABSENT, EMPTY, SOUND, UNREADABLE
from pipelines.inspection.findings import Comparison, Modality, Split

_COMBINATIONS = {subset_name(subset): subset_mask(subset) for subset in SUBSETS} | {
    "none": subset_mask(())
}
_QUARTILES = {"minimum": 0, "0.25": 0.25, "0.5": 0.5, "0.75": 0.75, "maximum": 1}


def describe_splits(
    facts: np.ndarray,
    values: np.ndarray,
    labels: Labels,
    split_of_row: np.ndarray,
    splits: tuple[str, ...],
) -> dict[str, Split]:
    """Counts the rows of each split.

    Args:
        facts: `FACTS` (N,).
        values: (N,), indices of classes or numbers.
        labels: what they are.
        split_of_row: int (N,), indices into `splits`.
        splits: names.
    """
    combinations = _combinations(facts)
    described = {}
    for index, name in enumerate(splits):
        chosen = split_of_row == index
        counts = np.bincount(combinations[chosen], minlength=len(_COMBINATIONS))
        described[name] = Split(
            rows=int(chosen.sum()),
            modalities={
                modality: _modality(facts[f"{modality}_state"][chosen])
                for modality in MODALITIES
            },
            combinations=dict(zip(_COMBINATIONS, counts.tolist(), strict=True)),
            labels=_labels(values[chosen], labels),
        )
    return described


def _modality(states):
    sound, empty, unreadable, absent = (
        int(np.sum(states == state)) for state in (SOUND, EMPTY, UNREADABLE, ABSENT)
    )
    return Modality(sound=sound, empty=empty, unreadable=unreadable, absent=absent)


def _labels(values, labels):
    if labels.task == "classification":
        counts = np.bincount(values, minlength=len(labels.class_names))
        return dict(zip(labels.class_names, counts.tolist(), strict=True))
    if not len(values):
        return dict.fromkeys(_QUARTILES)
    quartiles = np.quantile(values, list(_QUARTILES.values()))
    return dict(zip(_QUARTILES, quartiles.tolist(), strict=True))


def _combinations(facts):
    """The index of each row's combination, int (N,)."""
    present = np.stack([facts[f"{name}_state"] != ABSENT for name in MODALITIES], 1)
    masks = np.array(list(_COMBINATIONS.values()))
    return np.argmax((present[:, np.newaxis] == masks).all(axis=2), axis=1)


def compare_labels(
    values: np.ndarray,
    labels: Labels,
    split_of_row: np.ndarray,
    splits: tuple[str, ...],
) -> Comparison:
    """Whether labels are alike in all splits; arguments as `describe_splits`."""
    parts = [values[split_of_row == index] for index in range(len(splits))]
    if labels.task == "regression":
        return compare_numbers(parts)
    return _compare(parts, len(labels.class_names))


def compare_presence(
    facts: np.ndarray, split_of_row: np.ndarray, splits: tuple[str, ...]
) -> dict[str, Comparison]:
    """Whether each modality is as often present in all splits."""
    compared = {}
    for modality in MODALITIES:
        present = (facts[f"{modality}_state"] != ABSENT).astype(int)
        parts = [present[split_of_row == index] for index in range(len(splits))]
        compared[modality] = _compare(parts, 2)
    return compared


def _compare(parts, num_values):
    return compare_counts(
        np.stack([np.bincount(part, minlength=num_values) for part in parts])
    )


def count_values(values: np.ndarray) -> dict[str, int]:
    """How often each value occurs, zeros and empty strings left out."""
    found, counts = np.unique(values[values.astype(bool)], return_counts=True)
    return {str(value): int(n) for value, n in zip(found, counts, strict=True)}

"""Content that rows share, within a split and across splits.

Legend: N rows, M modalities.
"""

from itertools import combinations

import numpy as np

from mmtf.features import MODALITIES
from pipelines.inspection.findings import Repeats
from pipelines.inspection.groups import Groups, joint_groups


def find_repeats(
    groups: Groups, split_of_row: np.ndarray, splits: tuple[str, ...]
) -> dict[str, Repeats]:
    """Counts repeated content of each modality, and whole rows.

    A modality counts where it is sound. Whole rows are alike when each modality
    is, or is absent from both.

    Args:
        groups: which content is alike.
        split_of_row: int (N,), indices into `splits`.
        splits: names; a later split is looked for in the earlier ones.

    Returns:
        By modality, and "row".
    """
    repeats = {}
    for column, modality in enumerate(MODALITIES):
        counted = groups.sound[:, column]
        contents = groups.same[:, column], groups.near[:, column]
        repeats[modality] = _repeats(contents, counted, split_of_row, splits)
    rows = joint_groups(groups.same), joint_groups(groups.near)
    repeats["row"] = _repeats(rows, groups.sound.any(axis=1), split_of_row, splits)
    return repeats


def _repeats(contents, counted, split_of_row, splits):
    same, near = (
        _count([content[counted & (split_of_row == i)] for i in range(len(splits))])
        for content in contents
    )
    places = _places(splits)
    return Repeats(
        same=dict(zip(places, same, strict=True)),
        near=dict(zip(places, near, strict=True)),
    )


def _places(splits):
    return [*splits, *(f"{late} in {early}" for early, late in combinations(splits, 2))]


def _count(by_split):
    within = [len(content) - len(np.unique(content)) for content in by_split]
    across = [
        int(np.isin(late, early).sum()) for early, late in combinations(by_split, 2)
    ]
    return within + across

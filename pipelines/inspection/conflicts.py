"""Rows that hold the same and have different labels. Legend: N rows."""

from collections.abc import Callable

import numpy as np

from pipelines.inspection.findings import Conflict, Conflicts
from pipelines.inspection.groups import Groups, joint_groups

MAX_EXAMPLES = 20
MAX_ROWS_OF_AN_EXAMPLE = 10


def find_conflicts(
    groups: Groups,
    labels: np.ndarray,
    ids: list[str],
    name: Callable[[float], str],
) -> Conflicts:
    """Finds rows that no model can get right all.

    Rows hold the same if each modality is equal or nearly, or absent from both.

    Args:
        groups: which content is alike.
        labels: (N,) indices of classes, or numbers.
        ids: of the rows.
        name: how a label is shown.
    """
    rows = np.flatnonzero(groups.sound.any(axis=1))
    content = joint_groups(groups.near[rows])
    order = np.argsort(content, kind="stable")
    starts = np.flatnonzero(np.diff(content[order], prepend=-1))
    found = [
        members
        for members in np.split(rows[order], starts[1:])
        if len(members) > 1 and np.ptp(labels[members]) > 0
    ]
    # Stable: of classes, the first rows come first.
    found.sort(key=lambda members: members[0])
    if labels.dtype.kind == "f":
        found.sort(key=lambda members: -np.ptp(labels[members]))
    return Conflicts(
        rows=sum(map(len, found)),
        groups=len(found),
        examples=tuple(
            _example(members[:MAX_ROWS_OF_AN_EXAMPLE], labels, ids, name)
            for members in found[:MAX_EXAMPLES]
        ),
    )


def _example(members, labels, ids, name):
    return Conflict(
        ids=tuple(ids[row] for row in members),
        labels=tuple(name(labels[row]) for row in members),
    )

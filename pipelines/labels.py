"""What the label column holds: names of classes, or finite numbers."""

import math
import unicodedata
from bisect import bisect_left
from collections import Counter

from mmtf.config import Labels
from mmtf.errors import InputError

# More names than this are no classes; it also bounds memory.
MAX_CLASSES = 2**16
MAX_FLOAT32 = (2 - 2**-23) * 2.0**127


class LabelFinder:
    """Goes through the label cells once and tells what they are.

    Args:
        task: "classification" or "regression".
    """

    def __init__(self, task: str):
        if task not in ("classification", "regression"):
            raise InputError(
                f"`task` must be classification or regression. Received: {task!r}."
            )
        self.task = task
        self._counts = Counter()
        self._fraction = None

    def add(self, row_id: str, label: str) -> None:
        """Looks at the label of a row.

        Raises:
            InputError: it is not what the task needs.
        """
        if self.task == "regression":
            if _number(label) is None:
                raise InputError(
                    f"A label must be a finite number. Received: {label!r} in row "
                    f"{row_id!r}. Use --task classification, or name another column "
                    "with --label."
                )
            return
        name = class_name(label)
        self._counts[name] += 1
        if self._fraction is None and _is_fraction(name):
            self._fraction = (row_id, name)
        if len(self._counts) > MAX_CLASSES:
            self._fail(row_id, name)

    def labels(self) -> Labels:
        """What the cells seen so far amount to.

        Raises:
            InputError: the names look like measurements, not like classes.
        """
        if self.task == "regression":
            return Labels(task="regression")
        # Measurements rarely repeat; names of classes, even 0.5, do.
        once = sum(count == 1 and _is_fraction(n) for n, count in self._counts.items())
        if once and 2 * once >= len(self._counts):
            self._fail(*self._fraction)
        return Labels(class_names=tuple(sorted(self._counts)))

    def _fail(self, row_id, name):
        raise InputError(
            "Labels must be classes that rows share. Received: "
            f"{len(self._counts)} of them, such as {name!r} in row {row_id!r}. Use "
            "--task regression, or name another column with --label."
        )


def encode_label(label: str, labels: Labels) -> int | float:
    """A label cell as stored: the index of its class, or the number."""
    if labels.task == "regression":
        return float(label)
    name = class_name(label)
    index = bisect_left(labels.class_names, name)
    if labels.class_names[index : index + 1] != (name,):
        raise ValueError(
            f"A label must be one of {labels.class_names}. Received: {label!r}."
        )
    return index


def class_name(label: str) -> str:
    """Unicode NFC with whitespace collapsed, so that equal names are one class."""
    return " ".join(unicodedata.normalize("NFC", label).split())


def _number(label):
    try:
        value = float(label)
    except ValueError:
        return None
    # NaN compares as False too.
    return value if abs(value) <= MAX_FLOAT32 else None


def _is_fraction(name):
    value = _number(name)
    return value is not None and math.floor(value) != value

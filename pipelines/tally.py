"""Counts, while a build runs, what its report will say."""

from collections import Counter
from typing import Any

from mmtf.config import Labels
from mmtf.errors import InputError
from mmtf.features import MODALITIES
from pipelines.report import BuildReport, Mention, SplitReport
from pipelines.splits import SPLITS

MAX_IDS = 20


class Tally:
    """Rows kept and dropped, and media lost.

    Args:
        on_error: "drop" counts what cannot be used, "fail" stops at the first.
    """

    def __init__(self, on_error: str):
        if on_error not in ("drop", "fail"):
            raise InputError(
                f"`on_error` must be drop or fail. Received: {on_error!r}."
            )
        self._fails = on_error == "fail"
        self._dropped = {}
        self._lost = {modality: {} for modality in MODALITIES}
        self._splits = {split: _SplitTally() for split in SPLITS}

    def drop(self, row_id: str, reason: str) -> None:
        """Notes that a row is left out.

        Raises:
            InputError: the build is to stop.
        """
        if self._fails:
            raise InputError(
                f"Every row must be sound with --on-error fail. Received: row "
                f"{row_id!r}: {reason}. Mend it, or use --on-error drop."
            )
        _mention(self._dropped, reason, row_id)

    def lose(self, row_id: str, modality: str, reason: str) -> None:
        """Notes that a row goes on without one of its modalities.

        Raises:
            InputError: the build is to stop.
        """
        if self._fails:
            self.drop(row_id, f"{modality}: {reason}")
        _mention(self._lost[modality], reason, row_id)

    def keep(self, split: str, record: dict[str, Any], labels: Labels) -> None:
        """Notes a record that goes into the shards."""
        self._splits[split].add(record, labels)

    def report(
        self,
        labels: Labels,
        *,
        image_side: int,
        sample_rate_hz: int,
        duplicate_ids: int,
    ) -> BuildReport:
        """The report on all that was noted."""
        return BuildReport(
            labels=labels,
            image_side=image_side,
            sample_rate_hz=sample_rate_hz,
            splits={
                name: split.report(labels)
                for name, split in self._splits.items()
                if split.rows
            },
            dropped=_frozen(self._dropped),
            lost={name: _frozen(m) for name, m in self._lost.items() if m},
            duplicate_ids=duplicate_ids,
        )

    def reasons(self) -> str:
        """Why rows were dropped, the most frequent first, in one line."""
        counts = sorted(self._dropped.items(), key=lambda item: -item[1][0])
        return ", ".join(f"{count} {reason}" for reason, (count, _) in counts)


class _SplitTally:
    def __init__(self):
        self.rows = 0
        self._present = dict.fromkeys(MODALITIES, 0)
        self._classes = Counter()
        self._sum = 0.0
        self._minimum = float("inf")
        self._maximum = float("-inf")

    def add(self, record, labels):
        self.rows += 1
        for modality in MODALITIES:
            self._present[modality] += bool(record[modality])
        label = record["label"]
        if labels.task == "classification":
            self._classes[label] += 1
        else:
            self._sum += label
            self._minimum = min(self._minimum, label)
            self._maximum = max(self._maximum, label)

    def report(self, labels):
        if labels.task == "classification":
            counts = {
                name: self._classes[index]
                for index, name in enumerate(labels.class_names)
            }
        else:
            counts = {
                "minimum": self._minimum,
                "mean": self._sum / self.rows,
                "maximum": self._maximum,
            }
        return SplitReport(rows=self.rows, present=dict(self._present), labels=counts)


def _mention(mentions, reason, row_id):
    count, ids = mentions.setdefault(reason, (0, []))
    if count < MAX_IDS:
        ids.append(row_id)
    mentions[reason] = (count + 1, ids)


def _frozen(mentions):
    return {
        reason: Mention(count=count, ids=tuple(ids))
        for reason, (count, ids) in mentions.items()
    }

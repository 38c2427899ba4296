"""What a build did with the rows: kept, dropped, media lost."""

import dataclasses
import json
import typing
from dataclasses import dataclass

from mmtf.config import Labels
from mmtf.features import MODALITIES
from pipelines.splits import SPLITS

REPORT_FILE = "build_report.json"
# Lines of the label table, beyond which only build_report.json has them all.
MAX_LABEL_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Rows that something happened to."""

    count: int
    ids: tuple[str, ...]
    """Ids of the first of them."""


@dataclass(frozen=True, kw_only=True)
class SplitReport:
    """The rows of one split."""

    rows: int
    present: dict[str, int]
    """Rows that have the modality."""
    labels: dict[str, float]
    """Rows of each class; for regression `minimum`, `mean` and `maximum`."""


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """The outcome of a build; `str()` gives it as tables."""

    labels: Labels
    image_side: int
    sample_rate_hz: int
    splits: dict[str, SplitReport]
    """Only splits that have rows."""
    dropped: dict[str, Mention]
    """Rows left out, by reason."""
    lost: dict[str, dict[str, Mention]]
    """Rows that lost a modality, by modality and reason."""
    duplicate_ids: int
    """Rows whose id an earlier row has."""

    @property
    def num_kept(self) -> int:
        """Rows in the shards."""
        return sum(split.rows for split in self.splits.values())

    @property
    def num_dropped(self) -> int:
        """Rows left out."""
        return sum(mention.count for mention in self.dropped.values())

    @property
    def num_lost(self) -> int:
        """Media left out of rows, whether the row was kept or not."""
        return sum(m.count for reasons in self.lost.values() for m in reasons.values())

    def to_json(self) -> str:
        """JSON text that `from_json` reads back to an equal report."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "BuildReport":
        """Reads what `to_json` wrote."""
        return _restore(cls, json.loads(text))

    def __str__(self) -> str:
        parts = [
            [
                f"{self.num_kept} rows kept, {self.num_dropped} dropped, "
                f"{self.num_lost} media lost, {self.duplicate_ids} ids repeated"
            ],
            self._split_table(),
            self._label_table(),
            *(_mentions(f"{name} lost", self.lost[name]) for name in self.lost),
            _mentions("rows dropped", self.dropped),
        ]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def _split_table(self):
        rows = [("split", "rows", *MODALITIES)]
        for name in SPLITS:
            split = self.splits.get(name)
            counts = [split.rows, *split.present.values()] if split else [0, 0, 0, 0]
            rows.append((name, *map(str, counts)))
        return _table(rows)

    def _label_table(self):
        names = [*next(iter(self.splits.values())).labels]
        rows = [("label", *self.splits)]
        for name in names[:MAX_LABEL_LINES]:
            values = (split.labels[name] for split in self.splits.values())
            rows.append((name, *(f"{value:.6g}" for value in values)))
        rest = len(names) - MAX_LABEL_LINES
        return _table(rows) + [f"and {rest} more in {REPORT_FILE}"] * (rest > 0)


def _mentions(title, mentions):
    rows = [
        (
            f"  {m.count}",
            f"{reason}: {', '.join(m.ids)}{', ...' * (m.count > len(m.ids))}",
        )
        for reason, m in mentions.items()
    ]
    return [title, *("  ".join(row) for row in rows)] if rows else []


def _table(rows):
    """Lines with the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _restore(hint, value):
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return hint(**{name: _restore(hints[name], value[name]) for name in hints})
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is dict:
        return {key: _restore(arguments[1], item) for key, item in value.items()}
    return tuple(value) if typing.get_origin(hint) is tuple else value

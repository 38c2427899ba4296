"""What an inspection finds: plain values, which JSON, tables and pages show."""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Modality:
    """What there is of one modality in a split, in rows."""

    sound: int
    empty: int
    """A text without a letter or digit, a blank image, a silent recording."""
    unreadable: int
    absent: int


@dataclass(frozen=True, kw_only=True)
class Split:
    """The rows of one split."""

    rows: int
    modalities: dict[str, Modality]
    combinations: dict[str, int]
    """Rows that have these modalities and no others; "none" has none."""
    labels: dict[str, float | None]
    """Rows of each class; for regression `minimum`, quartiles and `maximum`."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A test of whether the splits could have been dealt at random."""

    test: str
    statistic: float | None
    """None where there are too few rows to tell."""
    p: float | None
    """How likely splits dealt at random differ at least as much."""
    effect: float | None
    """From 0, alike, to 1: Cramér's V, or epsilon squared."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How a number is distributed over the rows that have it."""

    unit: str
    quantiles: dict[str, dict[str, float]]
    """By split, and "all": the quantile by its name, such as "0.5"."""
    edges: tuple[float, ...]
    """Of a histogram over all rows; the last bar also holds what lies beyond."""
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Content that more than one row holds."""

    same: dict[str, int]
    """By where: "train" counts its rows but for the first of each content, and
    "test in train" the rows of test whose content train has."""
    near: dict[str, int]
    """The same where near copies count as copies."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A row, and an earlier one that holds the same."""

    id: str
    other_id: str
    near: bool
    """Whether it takes near copies to say so."""


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Rows of a split that another split gives away."""

    split: str
    source: str
    same: int
    near: int
    """Those that it takes near copies for, not counted in `same`."""
    pairs: tuple[Pair, ...]
    """The first of them."""

    @property
    def rows(self) -> int:
        """How many rows are given away."""
        return self.same + self.near


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Rows that hold the same and have different labels."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Conflicts:
    """All of them."""

    rows: int
    groups: int
    examples: tuple[Conflict, ...]
    """The first, for regression the furthest apart."""


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A row whose label may be wrong."""

    id: str
    split: str
    position: int
    """In the split, in the order of `pipelines.rows.read_rows`."""
    given: str
    likely: str
    """What the models say instead."""
    given_score: float
    """Classification: the score of the given label. Regression: how many standard
    deviations of the ordinary error lie between the two."""
    likely_score: float | None
    """The score of the likely label; None for regression."""


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """How the labels look to small models that did not train on the row."""

    reason: str
    """Why there are no suspects; empty where they were looked for."""
    rows: int
    """Rows looked at: all, or a sample."""
    found: int
    """Suspects among them."""
    score: float | None
    """Accuracy of the models; for regression their R2."""
    baseline: float | None
    """The accuracy of always saying the most frequent class; for regression 0."""
    weights: dict[str, float]
    """How much the model of each modality counts."""
    suspects: tuple[Suspect, ...]
    """The first of them, the most suspicious first, and of copies one."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to look at."""

    severity: str
    """"leak", "fault", or "note"."""
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What `inspect_shards` finds."""

    data: str
    task: str
    class_names: tuple[str, ...]
    splits: dict[str, Split]
    labels_alike: Comparison
    presence_alike: dict[str, Comparison]
    """By modality: whether as many rows of each split have it."""
    measures: dict[str, Measure]
    image_formats: dict[str, int]
    audio_rates_hz: dict[str, int]
    clipped_recordings: int
    """Recordings with more than one sample in a thousand at full scale."""
    lost: dict[str, dict[str, int]]
    """What `mmtf build` left out of rows, by modality and reason."""
    dropped: dict[str, int]
    """Rows that it left out, by reason."""
    repeats: dict[str, Repeats]
    """Of each modality, and of the whole "row"."""
    leaks: tuple[Leak, ...]
    conflicts: Conflicts
    suspicion: Suspicion
    notices: tuple[Notice, ...]
    """What needs attention, the most urgent first."""

    @property
    def rows(self) -> int:
        """Rows of all splits."""
        return sum(split.rows for split in self.splits.values())

    def to_json(self) -> str:
        """All of it as JSON text; what is not defined is null."""
        return json.dumps(dataclasses.asdict(self), indent=2, allow_nan=False) + "\n"

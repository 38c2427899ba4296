"""The first look at a manifest: all that can be known without its media."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from mmtf.config import Labels
from mmtf.errors import InputError
from mmtf.features import MODALITIES
from pipelines.labels import LabelFinder
from pipelines.manifest import BadRow, Row, read_manifest
from pipelines.splits import hashed_split
from pipelines.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Source:
    """A manifest and how to look at it."""

    manifest: str
    label: str
    task: str
    split_fractions: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the manifest holds."""

    labels: Labels
    rows: Counter
    """Rows that may be usable, by split."""
    duplicate_ids: int


def survey(source: Source, tally: Tally) -> Survey:
    """Reads the manifest once; rows with nothing to use go to the tally.

    Raises:
        InputError: the manifest or a label cannot be used, or no row can.
    """
    finder = LabelFinder(source.task)
    rows = Counter()
    # Of the ids only hashes are kept: 8 bytes a row.
    id_hashes = array("Q")
    for row in read_manifest(source.manifest, label=source.label):
        problem = _problem(row)
        if problem:
            tally.drop(row.id, problem)
            continue
        finder.add(row.id, row.label)
        rows[_split(row, source)] += 1
        id_hashes.frombytes(blake2b(row.id.encode(), digest_size=8).digest())
    if not rows:
        raise no_usable_row(source, tally)
    duplicate_ids = len(id_hashes) - len(np.unique(np.asarray(id_hashes)))
    return Survey(labels=finder.labels(), rows=rows, duplicate_ids=duplicate_ids)


def usable_rows(source: Source, split: str) -> Iterator[Row]:
    """The rows of a split that the survey left."""
    for row in read_manifest(source.manifest, label=source.label):
        if not _problem(row) and _split(row, source) == split:
            yield row


def no_usable_row(source: Source, tally: Tally) -> InputError:
    """The error of a build that has nothing to write."""
    return InputError(
        "A manifest must have a row with a label and a text, image or audio that can "
        f"be used. Received: {source.manifest!r} ({tally.reasons() or 'no rows'})."
    )


def _problem(row):
    if isinstance(row, BadRow):
        return row.reason
    if row.label is None:
        return "no label"
    if not any(getattr(row, modality) for modality in MODALITIES):
        return "no text, image or audio"
    return ""


def _split(row, source):
    return row.split or hashed_split(row.id, source.split_fractions)

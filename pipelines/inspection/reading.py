"""The one pass over the shards. Legend: N rows, S sampled rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from tqdm import tqdm

from pipelines.info import DataInfo
from pipelines.inspection.look import Media, look_at
from pipelines.inspection.probe import Samples
from pipelines.rows import read_rows
from pipelines.workers import Workers

# Rows of one call of a worker: few enough to hold, many enough to pay for the call.
_ROWS_AT_ONCE = 16
# The models look no further, so that a few books among the texts cost nothing.
_MAX_CHARACTERS = 5000


@dataclass(frozen=True)
class Reading:
    """What is kept of the shards."""

    splits: tuple[str, ...]
    split_of_row: np.ndarray
    """int (N,), indices into `splits`."""
    position: np.ndarray
    """int (N,), of the row in its split."""
    ids: list[str]
    labels: np.ndarray
    """(N,), int64 indices of classes or float64 numbers."""
    facts: np.ndarray
    """`FACTS` (N,)."""
    sampled: np.ndarray
    """int (S,), rows whose features were taken, ascending."""
    samples: Samples
    """Their features."""


def read_shards(
    data: str,
    info: DataInfo,
    splits: tuple[str, ...],
    *,
    num_sampled: int,
    seed: int,
    processes: int | None,
    progress: bool,
) -> Reading:
    """Looks at every row once.

    Args:
        data: folder written by `mmtf build`.
        info: what it says about itself.
        splits: which, in the order wanted.
        num_sampled: S, or fewer if there are fewer rows.
        seed: draws the sampled rows.
        processes: worker processes; None takes one for each core.
        progress: show a bar on stderr.
    """
    sizes = [info.splits[split].num_examples for split in splits]
    total = sum(sizes)
    rng = np.random.default_rng(seed)
    sampled = np.sort(rng.choice(total, min(num_sampled, total), replace=False))
    is_sampled = np.zeros(total, bool)
    is_sampled[sampled] = True
    seen = _Seen(info.labels.task)
    with (
        Workers(processes) as workers,
        tqdm(total=total, unit=" rows", disable=not progress) as bar,
    ):
        chunks = seen.chunks(data, splits, is_sampled)
        for look in workers.map(lambda chunk: workers.run(look_at, chunk), chunks):
            seen.looks.append(look)
            bar.update(len(look.facts))
    return Reading(
        splits=splits,
        split_of_row=np.repeat(np.arange(len(splits)), sizes),
        position=np.concatenate([np.arange(size) for size in sizes]),
        ids=seen.ids,
        labels=seen.label_array(),
        facts=np.concatenate([look.facts for look in seen.looks]),
        sampled=sampled,
        samples=Samples(
            seen.texts,
            np.concatenate([look.image for look in seen.looks]),
            np.concatenate([look.audio for look in seen.looks]),
        ),
    )


class _Seen:
    """Collects what needs no worker while rows go to the workers."""

    def __init__(self, task):
        self._task = task
        self.ids, self._labels, self.texts, self.looks = [], [], [], []

    def chunks(self, data, splits, is_sampled) -> Iterator[list[Media]]:
        rows = self._media(data, splits, is_sampled)
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            yield chunk

    def _media(self, data, splits, is_sampled):
        for split in splits:
            for row in read_rows(data, split):
                sampled = bool(is_sampled[len(self.ids)])
                self.ids.append(row.id)
                self._labels.append(row.label)
                if sampled:
                    self.texts.append(row.text[:_MAX_CHARACTERS])
                yield Media(row.text, row.image, row.audio, sampled)

    def label_array(self):
        kind = "int64" if self._task == "classification" else "float64"
        return np.array(self._labels, kind)

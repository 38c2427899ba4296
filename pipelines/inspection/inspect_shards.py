"""All of an inspection: `mmtf inspect DATA`."""

import dataclasses

import numpy as np

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines.info import read_info, read_report
from pipelines.inspection.class_doubts import doubt_classes
from pipelines.inspection.conflicts import find_conflicts
from pipelines.inspection.counting import (
    compare_labels,
    compare_presence,
    count_values,
    describe_splits,
)
from pipelines.inspection.doubts import Doubts
from pipelines.inspection.findings import Inspection, Suspect, Suspicion
from pipelines.inspection.groups import find_groups, joint_groups
from pipelines.inspection.leaks import find_leaks
from pipelines.inspection.measures import measure_all
from pipelines.inspection.notices import find_notices
from pipelines.inspection.number_doubts import doubt_numbers
from pipelines.inspection.reading import Reading, read_shards
from pipelines.inspection.repeats import find_repeats
from pipelines.report import BuildReport
from pipelines.splits import SPLITS

MAX_CLIPPED_SHARE = 0.001
MAX_SUSPECT_ROWS = 20_000
"""Rows that are looked at for wrong labels, unless told otherwise."""


def inspect_shards(
    data: str,
    *,
    num_suspects: int = 20,
    suspect_rows: int = MAX_SUSPECT_ROWS,
    seed: int = 0,
    processes: int | None = None,
    progress: bool = True,
) -> Inspection:
    """Looks for what is wrong with data before a model learns it.

    It reads the shards once and keeps half a kilobyte of each row, and features of
    the rows that it looks for wrong labels in, 4 kB each.

    Args:
        data: folder written by `mmtf build`.
        num_suspects: most labels to list as probably wrong; 0 looks for none.
        suspect_rows: most rows to look at for them; of more a sample is drawn.
        seed: draws the sample and the folds; the same seed, the same findings.
        processes: worker processes; None takes one for each core.
        progress: show a bar on stderr.

    Returns:
        The findings; `format_inspection` shows them.

    Raises:
        InputError: the folder is none that `mmtf build` wrote, or a number is out
            of range.
    """
    _require_at_least(0, num_suspects=num_suspects, suspect_rows=suspect_rows)
    _require_at_least(1, processes=processes)
    _require_seed(seed)
    info, report = read_info(data), read_report(data)
    # Train first: what is in two splits leaks from the earlier to the later.
    splits = tuple(sorted(info.splits, key=_rank))
    reading = read_shards(
        data,
        info,
        splits,
        num_sampled=suspect_rows if num_suspects else 0,
        seed=seed,
        processes=processes,
        progress=progress,
    )
    return _inspect(data, reading, report, num_suspects, seed)


def _require_at_least(least, **numbers):
    for name, value in numbers.items():
        if value is not None and value < least:
            raise InputError(
                f"`{name}` must be {least} or more. Received: {name}={value}."
            )


def _require_seed(seed):
    # What scikit-learn takes.
    if not 0 <= seed < 2**32:
        raise InputError(f"`seed` must be from 0 to 2**32 - 1. Received: seed={seed}.")


def _rank(split):
    known = split in SPLITS
    return (SPLITS.index(split) if known else len(SPLITS), split)


def _inspect(
    data: str, reading: Reading, report: BuildReport, num_suspects: int, seed: int
) -> Inspection:
    facts, labels = reading.facts, report.labels
    place = (reading.split_of_row, reading.splits)
    groups = find_groups(facts)
    clipped = facts["audio_clipped"] > MAX_CLIPPED_SHARE
    found = Inspection(
        data=data,
        task=labels.task,
        class_names=labels.class_names,
        splits=describe_splits(facts, reading.labels, labels, *place),
        labels_alike=compare_labels(reading.labels, labels, *place),
        presence_alike=compare_presence(facts, *place),
        measures=measure_all(facts, *place),
        image_formats=count_values(facts["image_format"]),
        audio_rates_hz=count_values(facts["audio_rate_hz"]),
        clipped_recordings=int(clipped.sum()),
        lost={name: _counts(lost) for name, lost in report.lost.items()},
        dropped=_counts(report.dropped),
        repeats=find_repeats(groups, *place),
        leaks=find_leaks(groups, facts["text_words"], *place, reading.ids),
        conflicts=find_conflicts(
            groups, reading.labels, reading.ids, lambda value: _name(value, labels)
        ),
        suspicion=_find_suspects(reading, labels, groups, num_suspects, seed),
        notices=(),
    )
    return dataclasses.replace(found, notices=find_notices(found))


def _counts(mentions):
    return {reason: mention.count for reason, mention in mentions.items()}


def _name(value, labels: Labels) -> str:
    if labels.task == "classification":
        return labels.class_names[int(value)]
    return f"{value:.4g}"


def _find_suspects(reading, labels, groups, num_suspects, seed) -> Suspicion:
    sampled = reading.sampled
    copies = joint_groups(groups.near[sampled])
    if len(sampled):
        doubt = doubt_classes if labels.task == "classification" else doubt_numbers
        found = doubt(reading.samples, reading.labels[sampled], copies, seed)
    else:
        found = Doubts("not asked for")
    # Copies are doubted alike; one of them is enough to see.
    listed = np.sort(np.unique(copies[found.rows], return_index=True)[1])
    return Suspicion(
        reason=found.reason,
        rows=len(sampled),
        found=len(found.rows),
        score=found.score,
        baseline=found.baseline,
        weights=found.weights,
        suspects=tuple(
            _suspect(reading, labels, sampled[found.rows[index]], found, index)
            for index in listed[:num_suspects]
        ),
    )


def _suspect(reading, labels, row, found, index):
    return Suspect(
        id=reading.ids[row],
        split=reading.splits[reading.split_of_row[row]],
        position=int(reading.position[row]),
        given=_name(reading.labels[row], labels),
        likely=_name(found.likely[index], labels),
        given_score=float(found.given_score[index]),
        likely_score=_score(found.likely_score, index),
    )


def _score(scores: np.ndarray | None, index: int) -> float | None:
    return None if scores is None else float(scores[index])

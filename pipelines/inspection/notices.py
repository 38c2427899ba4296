"""What needs attention, in sentences, the most urgent first."""

from collections.abc import Iterator
from itertools import combinations

from mmtf.features import MODALITIES
from pipelines.inspection.balance import differs
from pipelines.inspection.findings import Inspection, Leak, Notice
from pipelines.inspection.leaks import shared_modalities
from pipelines.inspection.phrases import are, counted, listed, name_of

MIN_IMBALANCE = 10
"""The largest class of train may be so many times the smallest."""
_MEDIA = {
    "text": ("text", "texts"),
    "image": ("image", "images"),
    "audio": ("recording", "recordings"),
}
_EMPTY = {"text": "without a letter or digit", "image": "blank", "audio": "silent"}


def find_notices(inspection: Inspection) -> tuple[Notice, ...]:
    """Says what stands out; of an inspection without notices."""
    by_severity = {
        "leak": map(leak_sentence, inspection.leaks),
        "fault": _faults(inspection),
        "note": _notes(inspection),
    }
    return tuple(
        Notice(severity=severity, sentence=sentence)
        for severity, sentences in by_severity.items()
        for sentence in sentences
    )


def leak_sentence(leak: Leak) -> str:
    """ "2 rows of test are also in train: a (as b), c (as d)." """
    near = ""
    if leak.near:
        which = "as a near copy" if leak.rows == 1 else f"{leak.near} as near copies"
        near = f", {which}"
    pairs = [f"{name_of(pair.id)} (as {name_of(pair.other_id)})" for pair in leak.pairs]
    return (
        f"{counted(leak.rows, 'row')} of {leak.split} {are(leak.rows)} also in "
        f"{leak.source}{near}: {listed(pairs, leak.rows)}."
    )


def _faults(inspection) -> Iterator[str]:
    yield from _unreadable(inspection)
    yield from _conflicts(inspection)
    yield from _missing_classes(inspection)
    if differs(inspection.labels_alike):
        yield _difference("labels", inspection.labels_alike)
    yield from _empty(inspection)
    if inspection.clipped_recordings:
        yield (
            f"{counted(inspection.clipped_recordings, 'recording')} "
            f"{are(inspection.clipped_recordings)} clipped: more than one sample in a "
            "thousand is at full scale."
        )


def _unreadable(inspection):
    for modality in MODALITIES:
        number = _total(inspection, modality, "unreadable")
        if number:
            yield f"{counted(number, *_MEDIA[modality])} cannot be read."


def _empty(inspection):
    for modality in MODALITIES:
        number = _total(inspection, modality, "empty")
        if number:
            media = counted(number, *_MEDIA[modality])
            yield f"{media} {are(number)} {_EMPTY[modality]}."


def _total(inspection, modality, field):
    return sum(
        getattr(split.modalities[modality], field)
        for split in inspection.splits.values()
    )


def _conflicts(inspection):
    conflicts = inspection.conflicts
    if not conflicts.groups:
        return
    first = conflicts.examples[0]
    names = [
        f"{name_of(row)} is {label}"
        for row, label in zip(first.ids, first.labels, strict=True)
    ]
    yield (
        f"{counted(conflicts.rows, 'row')} hold the same as others and have different "
        f"labels, in {counted(conflicts.groups, 'group')}, such as "
        f"{listed(names, len(names))}."
    )


def _missing_classes(inspection):
    if inspection.task != "classification":
        return
    for name, split in inspection.splits.items():
        missing = [label for label, rows in split.labels.items() if not rows]
        if missing:
            yield f"No row of {name} is {listed(missing, len(missing), 'or')}."


def _difference(what, comparison):
    return (
        f"The splits differ in their {what} by more than chance ({comparison.test} "
        f"test, p = {comparison.p:.2g})."
    )


def _notes(inspection) -> Iterator[str]:
    yield from _repeated_rows(inspection)
    yield from _shared_media(inspection)
    for modality, comparison in inspection.presence_alike.items():
        if differs(comparison):
            yield _difference(f"share of rows with {modality}", comparison)
    yield from _imbalance(inspection)
    yield from _losses(inspection)
    yield from _suspects(inspection)


def _repeated_rows(inspection):
    for name in inspection.splits:
        number = inspection.repeats["row"].near[name]
        if number:
            yield (
                f"{counted(number, 'row')} of {name} {are(number)} at least a near "
                "copy of an earlier one."
            )


def _shared_media(inspection):
    leaking = {(leak.split, leak.source): leak.rows for leak in inspection.leaks}
    for source, name in combinations(inspection.splits, 2):
        shared = shared_modalities(inspection.repeats, name, source)
        more = [
            f"the {_MEDIA[modality][0]} of {number}"
            for modality, number in shared.items()
            if number > leaking.get((name, source), 0)
        ]
        if more:
            yield (
                f"Rows of {name} share media with {source}: {listed(more, len(more))}."
            )


def _imbalance(inspection):
    train = inspection.splits.get("train")
    if inspection.task != "classification" or not train:
        return
    rows = {name: number for name, number in train.labels.items() if number}
    if rows and max(rows.values()) > MIN_IMBALANCE * min(rows.values()):
        largest, smallest = max(rows, key=rows.get), min(rows, key=rows.get)
        yield (
            f"In train {largest} has {rows[largest]:,} rows and {smallest} "
            f"{rows[smallest]:,}; try --train.class-weights."
        )


def _losses(inspection):
    lost = {
        modality: sum(reasons.values()) for modality, reasons in inspection.lost.items()
    }
    parts = [
        counted(number, *_MEDIA[modality])
        for modality, number in lost.items()
        if number
    ]
    dropped = sum(inspection.dropped.values())
    parts += [counted(dropped, "row")] * bool(dropped)
    if parts:
        yield f"The build left out {listed(parts, len(parts))}."


def _suspects(inspection):
    suspicion = inspection.suspicion
    if suspicion.found:
        names = [name_of(suspect.id) for suspect in suspicion.suspects]
        yield (
            f"{counted(suspicion.found, 'label')} of {suspicion.rows:,} may be wrong; "
            f"look first at {listed(names, suspicion.found)}."
        )

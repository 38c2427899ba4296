"""The rows that the run was trained and measured on."""

from collections.abc import Mapping

from mmtf.features import MODALITIES
from mmtf.report.page import count, number, percent

MAX_LABELS = 20


def describe(report: Mapping | None) -> dict | None:
    """Rows, modalities and labels of each split, and what the build left out.

    Args:
        report: the build's report as `dataclasses.asdict` gives it.
    """
    if report is None:
        return None
    splits = report["splits"]
    labels = list(next(iter(splits.values()))["labels"]) if splits else []
    is_classes = report["labels"]["task"] == "classification"
    return {
        "splits": [_split(name, split) for name, split in splits.items()],
        "split_names": list(splits),
        "is_classes": is_classes,
        "labels": [
            (label, [_label(split, label, is_classes) for split in splits.values()])
            for label in labels[:MAX_LABELS]
        ],
        "left_out": max(0, len(labels) - MAX_LABELS),
        "losses": list(_losses(report)),
        "image_side": report["image_side"],
        "sample_rate_hz": report["sample_rate_hz"],
    }


def _split(name, split):
    rows = split["rows"]
    present = [
        (count(split["present"][modality]), percent(split["present"][modality] / rows))
        for modality in MODALITIES
    ]
    return {"name": name, "rows": count(rows), "present": present}


def _label(split, label, is_classes):
    value = split["labels"].get(label, 0)
    if not is_classes:
        return number(value)
    return f"{count(value)} ({percent(value / split['rows'], 0)})"


def _losses(report):
    for reason, mention in report["dropped"].items():
        yield f"{_rows(mention)} left out: {reason}"
    for modality, reasons in report["lost"].items():
        for reason, mention in reasons.items():
            yield f"{_rows(mention)} lost {modality}: {reason}"
    if report["duplicate_ids"]:
        yield f"{count(report['duplicate_ids'])} rows repeat the id of another"


def _rows(mention):
    number = mention["count"]
    return f"{count(number)} row{'s' * (number != 1)}"

"""Files of scores: CSV or JSON Lines, written aside and renamed."""

import contextlib
import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from export.client.rows import say_left_out
from mmtf.errors import InputError

_PREFIXES = {"scores": "score", "modality_weights": "weight", "presence": "presence"}


@contextlib.contextmanager
def open_scores(path: str) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Gives a function that writes a row; the file appears when all are written.

    Args:
        path: a .jsonl file, which gets the rows as they are, or a .csv file,
            which gets a column for each class and modality.

    Raises:
        InputError: the name ends otherwise, or the file cannot be written.
    """
    finish = {".csv": _write_csv, ".jsonl": os.replace}
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in finish or os.path.isdir(path):
        raise InputError(
            f"Scores must be written to a file that ends in {' or '.join(finish)}. "
            f"Received: {path!r}."
        )
    with _scratch_beside(path) as scratch:
        # JSON Lines first, since only the last row tells all columns of a CSV.
        lines = os.path.join(scratch, "rows.jsonl")
        with open(lines, "w", encoding="utf-8") as file:
            yield lambda row: _write_line(file, row)
        finish[suffix](lines, path)


@contextlib.contextmanager
def _scratch_beside(path):
    folder, name = os.path.split(path)
    try:
        scratch = tempfile.TemporaryDirectory(prefix=f".{name}.", dir=folder or ".")
    except OSError as error:
        raise InputError(
            "Scores must go to a folder that can be written to. Received: "
            f"{path!r} ({error.strerror})."
        ) from error
    with scratch as name:
        yield name


def _write_line(file, row):
    json.dump(row, file, ensure_ascii=False)
    file.write("\n")


def _write_csv(lines, path):
    columns = {}
    for row in _flat_rows(lines):
        columns.update(dict.fromkeys(row))
    last = ("left_out", "error")
    names = [*(name for name in columns if name not in last), *last]
    aside = f"{lines}.csv"
    with open(aside, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(_flat_rows(lines))
    os.replace(aside, path)


def _flat_rows(lines):
    with open(lines, encoding="utf-8") as file:
        for line in file:
            yield _flatten(json.loads(line))


def _flatten(row):
    flat = {key: row[key] for key in ("id", "value", "error") if key in row}
    if "scores" in row:
        flat["class"] = max(row["scores"], key=row["scores"].get)
    for key, prefix in _PREFIXES.items():
        for name, value in row.get(key, {}).items():
            flat[f"{prefix}_{name}"] = value
    if "left_out" in row:
        flat["left_out"] = say_left_out(row["left_out"])
    return flat

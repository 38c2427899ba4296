"""Manifests: CSV, JSON Lines or Parquet, read row by row from any file system.

A row that cannot be read is passed on as a `BadRow`; what is wrong with the
whole file is an `InputError`. Memory does not grow with the number of rows.
"""

import numbers
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmtf.errors import InputError
from mmtf.features import MODALITIES
from pipelines.splits import ALIASES, SPLITS, split_named
from pipelines.tables import read_table


@dataclass(frozen=True)
class Row:
    """One row; an absent cell is None."""

    index: int
    """Number of the row, from 0."""
    id: str
    text: str | None
    image: str | None
    """Path or URI, relative to the manifest."""
    audio: str | None
    """Path or URI, relative to the manifest."""
    label: str | None
    """A name, or a number as text."""
    split: str | None


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, and why."""

    index: int
    id: str
    """Its id, or "row" and its number if there is none to be read."""
    reason: str


def read_manifest(path: str, *, label: str = "label") -> Iterator[Row | BadRow]:
    """Reads a manifest from beginning to end.

    Columns are `text`, `image`, `audio`, `id`, `split` and the label's, in any
    order. The label's and one of the first three must be there; columns of
    other names are ignored. A cell that is empty, null or NaN is absent, and
    an absent id is the row's number. Empty lines are no rows.

    Args:
        path: a UTF-8 .csv, a UTF-8 .jsonl or a .parquet file, on any file
            system that tf.io.gfile opens.
        label: the column that holds the label.

    Yields:
        Rows in the order of the file.

    Raises:
        InputError: there is no such file, it is none of these formats, lacks a
            column, names an unknown split, or has a label that is a list.
    """
    wanted = ("id", "split", label, *MODALITIES)
    table = read_table(path, wanted, lambda columns: _check(path, columns, label))
    for index, cells in enumerate(table):
        yield _make_row(index, cells, label)


def _make_row(index, cells, label):
    if isinstance(cells, str):
        return BadRow(index, f"row {index}", cells)
    if isinstance(cells.get(label), list | dict):
        raise InputError(
            f"A label must be one name or number. Received: {cells[label]!r} in row "
            f"{index}. Name another column with --label."
        )
    names = {"id": "id", "split": "split", "label": label}
    names.update({modality: modality for modality in MODALITIES})
    row = {}
    try:
        for key, name in names.items():
            row[key] = read_cell(name, cells.get(name))
    except ValueError as error:
        return BadRow(index, row.get("id") or f"row {index}", str(error))
    row["id"] = row["id"] or str(index)
    row["split"] = row["split"] and _split(row["split"], row["id"])
    return Row(index=index, **row)


def read_cell(name: str, value: Any) -> str | None:
    """A cell as text, without the space around it; None if it is absent.

    Args:
        name: the column, for the message.
        value: what the file holds.

    Raises:
        ValueError: it is neither text nor a number, or not valid Unicode.
    """
    if value is None:
        return None
    if not isinstance(value, str | numbers.Number):
        raise ValueError(f"`{name}` is neither text nor a number")
    value = str(value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"`{name}` is not valid Unicode") from error
    value = value.strip()
    return None if value in ("", "NaN", "nan") else value


def _split(name, row_id):
    split = split_named(name)
    if split is None:
        raise InputError(
            f"A split must be one of {', '.join((*SPLITS, *ALIASES))}. Received: "
            f"{name!r} in row {row_id!r}."
        )
    return split


def _check(path, columns, label):
    if label not in columns:
        raise InputError(
            f"`label` must name a column of the manifest. Received: {label!r}; "
            f"{_there(path, columns)}."
        )
    check_columns(path, columns, ("id", "split", label, *MODALITIES))


def check_columns(path: str, columns: list[str], wanted: tuple[str, ...]) -> None:
    """Makes sure that a manifest holds a modality, and no wanted column twice.

    Args:
        path: the manifest, for the message.
        columns: all of its columns.
        wanted: those that will be looked at.

    Raises:
        InputError: it does not.
    """
    if not set(MODALITIES) & set(columns):
        raise InputError(
            f"A manifest must have a column {', '.join(MODALITIES[:-1])} or "
            f"{MODALITIES[-1]}. Received: {_there(path, columns)}."
        )
    used = [name for name in columns if name in wanted]
    if len(used) != len(set(used)):
        raise InputError(
            f"Columns must have names of their own. Received: {_there(path, columns)}."
        )


def _there(path, columns):
    return f"{path!r} has the columns {', '.join(map(repr, columns)) or 'none'}"

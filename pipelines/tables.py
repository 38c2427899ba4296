"""CSV, JSON Lines and Parquet files as rows of cells, from any file system."""

import csv
import io
import json
import os
from collections.abc import Callable, Collection, Iterator
from typing import Any

from mmtf.errors import InputError
from pipelines.files import is_file, open_file


def read_table(
    path: str, wanted: Collection[str], check: Callable[[list[str]], None]
) -> Iterator[dict[str, Any] | str]:
    """Reads a table row by row; memory does not grow with the number of rows.

    Args:
        path: a UTF-8 .csv, a UTF-8 .jsonl or a .parquet file, on any file
            system that tf.io.gfile opens.
        wanted: columns that the caller will look at.
        check: called with the names of all columns as soon as they are known,
            which for JSON Lines is after the last row.

    Yields:
        For each row its cells by column, or the reason why it has none. Empty
        lines are no rows.

    Raises:
        InputError: there is no such file, or it is none of these formats.
    """
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in readers:
        raise InputError(
            f"A manifest must end in {', '.join(readers)}. Received: {path!r}."
        )
    try:
        if not is_file(path):
            raise InputError(f"A manifest must be a file. Received: {path!r}.")
        with open_file(path) as file:
            yield from readers[suffix](path, file, wanted, check)
    except OSError as error:
        raise InputError(
            f"A manifest must be a file that can be read. Received: {path!r} "
            f"({error.strerror or error})."
        ) from error


def _read_csv(path, file, wanted, check):
    # Bytes that are no UTF-8 become surrogates, for the caller to turn down.
    lines = io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")
    rows = csv.reader(lines)
    columns = [name.strip() for name in next(rows, [])]
    check(columns)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"not CSV ({error})"
            continue
        if len(row) == len(columns):
            yield dict(zip(columns, row, strict=True))
        elif row:
            yield "not as many cells as there are columns"


def _read_jsonl(path, file, wanted, check):
    columns = {}
    for line in file:
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
        except (ValueError, RecursionError):
            yield "not JSON"
            continue
        if isinstance(cells, dict):
            columns.update(dict.fromkeys(cells))
            yield cells
        else:
            yield "not a JSON object"
    # A column that some rows lack is a column all the same.
    check(list(columns))


def _read_parquet(path, file, wanted, check):
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            f"A Parquet manifest needs pyarrow. Received: {path!r}. "
            "Run: pip install mmtf[parquet]"
        ) from error
    try:
        table = parquet.ParquetFile(file)
        names = table.schema_arrow.names
        check(names)
        for batch in table.iter_batches(1024, columns=sorted({*wanted} & {*names})):
            for index in range(batch.num_rows):
                yield _arrow_cells(batch, index)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(
            f"A .parquet manifest must be a sound Parquet file. Received: {path!r} "
            f"({error})."
        ) from error


def _arrow_cells(batch, index):
    try:
        names = batch.schema.names
        return {name: batch[name][index].as_py() for name in names}
    except UnicodeDecodeError:
        return "not valid Unicode"

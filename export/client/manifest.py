"""Scores for all rows of a manifest, however many there are."""

import os
import time
from collections import deque
from dataclasses import dataclass

from tqdm import tqdm

from export.client.clients import Client
from export.client.scores import open_scores
from mmtf.errors import InputError
from mmtf.features import AUDIO, IMAGE, MODALITIES
from pipelines.manifest import check_columns, read_cell
from pipelines.tables import read_table

_WANTED = ("id", *MODALITIES)


@dataclass(frozen=True)
class Summary:
    """How it went; as a string, one line."""

    rows: int
    failed: int
    """Rows without scores."""
    incomplete: int
    """Rows scored without a file that could not be used."""
    seconds: float

    def __str__(self):
        text = f"{self.rows - self.failed} of {self.rows} rows scored"
        if self.incomplete:
            text += f", {self.incomplete} of them without a file that cannot be used"
        return f"{text}, in {self.seconds:.1f} seconds"


def predict_manifest(
    manifest: str, out: str, *, progress: bool = True, **options
) -> Summary:
    """Scores a manifest, row by row and in its order.

    A row with a file that cannot be used is scored without it if there is
    something else to it; `left_out` then has the reason. A row that cannot be
    scored has the reason in `error`. Neither stops the rest.

    Args:
        manifest: a .csv, .jsonl or .parquet file with any of the columns `text`,
            `image` and `audio`, and perhaps `id`; the paths of media are relative to
            it. Other columns are ignored.
        out: a .jsonl file, which gets a line for each row: `id` and what
            `Client.predict_each` yields; or a .csv file with the same in columns
            (`class` is the best one).
        progress: whether to show a bar on stderr.
        **options: see `export.client.Options`.

    Raises:
        InputError: the manifest cannot be read or `out` not be written, or the
            server can answer no row. Then `out` is left as it was.
    """
    if os.path.realpath(manifest) == os.path.realpath(out):
        raise InputError(f"Scores must not replace the manifest. Received: {out!r}.")
    start, failed, incomplete = time.monotonic(), 0, 0
    read = deque()
    with (
        tqdm(total=_count(manifest), unit=" rows", disable=not progress) as bar,
        open_scores(out) as write,
        Client(**options) as client,
    ):
        for answer in client.predict_each(_read_rows(manifest, read)):
            row_id, reason = read.popleft()
            answer = {"error": reason} if reason else answer
            write({"id": row_id, **answer})
            failed += "error" in answer
            incomplete += "left_out" in answer and "error" not in answer
            bar.update()
    return Summary(bar.total, failed, incomplete, time.monotonic() - start)


def _count(manifest):
    def check(columns):
        check_columns(manifest, columns, _WANTED)

    return sum(1 for _ in read_table(manifest, _WANTED, check))


def _read_rows(manifest, read):
    """Yields rows for a client; keeps ids, and reasons against rows, in `read`."""
    folder = os.path.dirname(manifest)
    for index, cells in enumerate(read_table(manifest, _WANTED, lambda columns: None)):
        row, reason = _read_row(cells)
        read.append((row.pop("id", None) or str(index), reason))
        for medium in {IMAGE, AUDIO} & set(row):
            row[medium] = os.path.join(folder, row[medium])
        yield row


def _read_row(cells):
    if isinstance(cells, str):
        return {}, cells
    row, reasons = {}, []
    for name in _WANTED:
        try:
            cell = read_cell(name, cells.get(name))
        except ValueError as error:
            reasons.append(str(error))
        else:
            row.update({name: cell} if cell else {})
    return (row, None) if not reasons else ({"id": row.get("id")}, "; ".join(reasons))

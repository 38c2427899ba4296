"""What was measured, as records and as a table for a terminal."""

from dataclasses import dataclass

from benchmarks.load import Measurement

SESSION = "session"
_COLUMNS = ("p50 ms", "p90 ms", "p99 ms", "rows/s", "p50", "rows/s")
_NOTE = (
    "p50 and rows/s of the last two columns are in parts of the session's under the "
    "same load;\nwith batching, rows/s in parts of the session's with batches of the "
    "same size."
)


@dataclass(frozen=True)
class Cell:
    """One target under one load.

    Attributes:
        load: such as `8 clients` or `30 requests/s`.
        target: such as `gRPC`; `SESSION` for the bare session.
        num_rows: of a request.
        measurement: its answers.
        rival: the cell whose rows per second it is compared with, by its target.
    """

    load: str
    target: str
    num_rows: int
    measurement: Measurement
    rival: str = SESSION


def make_records(cells: list[Cell]) -> list[dict]:
    """A plain object for each cell, for JSON."""
    by_place = {(cell.load, cell.target): cell for cell in cells}
    return [
        _record(cell, by_place[cell.load, SESSION], by_place[cell.load, cell.rival])
        for cell in cells
    ]


def _record(cell, session, rival):
    measured = cell.measurement
    percentiles = {
        f"p{percent}_ms": measured.percentile_ms(percent) for percent in (50, 90, 99)
    }
    return {
        "load": cell.load,
        "target": cell.target,
        "rows_per_request": cell.num_rows,
        "requests": len(measured.seconds),
        "missed": measured.num_missed,
        **percentiles,
        "rows_per_second": _rows_per_second(cell),
        "p50_ratio": percentiles["p50_ms"] / session.measurement.percentile_ms(50),
        "rows_per_second_ratio": _rows_per_second(cell) / _rows_per_second(rival),
    }


def _rows_per_second(cell):
    return cell.num_rows * cell.measurement.requests_per_second


def format_table(records: list[dict]) -> str:
    """A line for each record, those of one load together."""
    width = max(len(record["target"]) for record in records)
    lines, load = [], None
    for record in records:
        if record["load"] != load:
            load = record["load"]
            lines += ["", _heading(load, width)]
        lines.append(_line(record, width))
    return "\n".join([*lines[1:], "", _NOTE])


def _heading(load, width):
    columns = "".join(f"{column:>9}" for column in _COLUMNS)
    return f"{load:<{width}}{columns}\n{'-' * (width + 9 * len(_COLUMNS))}"


def _line(record, width):
    times = "".join(f"{record[f'p{p}_ms']:9.2f}" for p in (50, 90, 99))
    ratios = f"{record['p50_ratio']:9.2f}{record['rows_per_second_ratio']:9.2f}"
    missed = f"  ({record['missed']} missed)" if record["missed"] else ""
    rate = f"{record['rows_per_second']:9.1f}"
    return f"{record['target']:<{width}}{times}{rate}{ratios}{missed}"

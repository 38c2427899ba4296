"""What `mmtf evaluate` prints."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

COLUMNS = {
    "accuracy": "accuracy", "f1": "F1", "recall": "recall", "roc_auc": "ROC-AUC",
    "loss": "loss", "mae": "MAE", "rmse": "RMSE", "pearson": "Pearson",
    "accuracy_2_non_negative": "acc-2 (>= 0)", "accuracy_2_positive": "acc-2 (> 0)",
    "accuracy_7": "acc-7",
}  # fmt: skip
# The figure whose interval is shown.
HEADLINES = ("accuracy", "mae")
NOT_DEFINED = "not defined"


def format_table(split: str, metrics: dict, *, oracle: dict | None = None) -> str:
    """One line a modality subset, and below what the comparisons say.

    Args:
        split: its name.
        metrics: that split's object of metrics.json.
        oracle: best possible accuracy of each subset's name, when it is known.

    Returns:
        Lines without a newline at the end.
    """
    title = f"{split} ({metrics['examples']} rows)"
    subsets = metrics["subsets"]
    table = Table(title, list(subsets))
    for key in _columns(subsets):
        table.add(COLUMNS[key], lambda name, key=key: format_number(subsets[name][key]))
        if key in HEADLINES:
            table.add(
                "95% interval",
                lambda name, key=key: format_range(subsets[name]["intervals"][key]),
            )
    if oracle is not None:
        table.add("best possible", lambda name: format_number(oracle[name]))
    return "\n".join([*table.lines(), "", *_conclusions(metrics["comparisons"])])


def format_seeds(split: str, summary: dict) -> str:
    """Mean and standard deviation over seeds, one line a modality subset.

    Args:
        split: its name.
        summary: that split's object of "seeds" in metrics.json.

    Returns:
        Lines without a newline at the end.
    """
    subsets = summary["subsets"]
    columns = _columns(subsets)
    num_seeds = len(summary[columns[0]]["values"])
    table = Table(f"{split}, {num_seeds} seeds", list(subsets))
    for key in columns:
        table.add(COLUMNS[key], lambda name, key=key: format_spread(subsets[name][key]))
    return "\n".join(table.lines())


class Table:
    """Columns of text under their headings, the first to the left."""

    def __init__(self, title: str, rows: Sequence[str]):
        self._rows = rows
        self._columns = [[title, *rows]]

    def add(self, heading: str, cell: Callable[[str], str]):
        self._columns.append([heading, *(cell(row) for row in self._rows)])

    def lines(self) -> list[str]:
        head, *lines = aligned_lines(list(zip(*self._columns, strict=True)))
        return [head, "-" * len(head), *lines]


def aligned_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, the first column to the left and the others to the
    right; a row may have fewer cells than others, but has one."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(w) for cell, w in zip(others, widths[1:], strict=False)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return lines


def _columns(subsets):
    return [key for key in COLUMNS if key in next(iter(subsets.values()))]


def _conclusions(comparisons):
    """About the best single and each pair; the other singles are in metrics.json."""
    best = comparisons["best_single"]
    named = {
        name: against["sentence"]
        for name, against in comparisons["against"].items()
        if name == best or "+" in name
    }
    return ["All modalities together are", *(f"  {text}" for text in named.values())]


def format_number(value):
    return NOT_DEFINED if value is None else f"{value:.3f}"


def format_range(interval):
    if interval is None:
        return NOT_DEFINED
    low, high = interval
    return f"{low:.3f} to {high:.3f}"


def format_spread(summary):
    if summary["std"] is None:
        return format_number(summary["mean"])
    return f"{summary['mean']:.3f} ± {summary['std']:.3f}"

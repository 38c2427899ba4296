"""What `mmtf compare` prints."""

from collections.abc import Sequence

from mmtf.report.comparison import show_figure
from mmtf.report.figures import label, present
from mmtf.report.page import count


def format_comparison(comparison: dict) -> str:
    """Figures, differing options and verdicts, one column a run.

    Args:
        comparison: what `compare_runs` returns.

    Returns:
        Lines without a newline at the end.
    """
    runs = comparison["runs"]
    keys = present(key for run in runs for key in run["figures"])
    table = [
        [comparison["split"], *(run["name"] for run in runs)],
        ["rows", *(count(run["examples"]) for run in runs)],
    ]
    for key in keys:
        shown = [show_figure(run, key) for run in runs]
        table.append([label(key, comparison["task"]), *shown])
    options = [[name, *values] for name, values in comparison["options"].items()]
    lines = _aligned([*table, *options])
    lines.insert(len(table), "")
    lines.insert(1, "-" * max(map(len, lines)))
    if not options:
        lines.append("Their options are the same.")
    sentences = [other["sentence"] for other in comparison["against_first"]]
    return "\n".join([*lines, "", *sentences])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]

"""The table that `mmtf ablate` prints."""

from mmtf.evaluation.ablation import REFERENCE, TITLES
from mmtf.evaluation.table import (
    COLUMNS,
    HEADLINES,
    Table,
    format_number,
    format_range,
    format_spread,
)

_SHOWN = ("accuracy", "f1", "loss", "mae", "pearson")


def format_ablation(split: str, ablation: dict) -> str:
    """One line a model: figures, size, time, and how far the reference is ahead.

    With several seeds figures are means and standard deviations over them;
    intervals and comparisons are those of the best seed.

    Args:
        split: which split.
        ablation: what ablation.json holds.

    Returns:
        Lines without a newline at the end.
    """
    models, rows = ablation["models"], ablation["splits"][split]["variants"]
    first = next(iter(rows.values()))
    title = f"{split} ({ablation['splits'][split]['examples']} rows"
    if "seeds" in first:
        num_seeds = len(next(iter(first["seeds"].values()))["values"])
        title += f", {num_seeds} seeds"
    names = {TITLES[name]: name for name in rows}
    table = Table(f"{title})", list(names))

    def add(heading, cell):
        table.add(heading, lambda title: cell(names[title]))

    for key in (key for key in _SHOWN if key in first):
        add(COLUMNS[key], lambda name, key=key: _figure(rows[name], key))
        if key in HEADLINES:
            add(
                "95% interval",
                lambda name, key=key: format_range(rows[name]["intervals"][key]),
            )
    add("parameters", lambda name: f"{models[name]['parameters']:,}")
    add("seconds", lambda name: f"{models[name]['seconds']:.0f}")
    if REFERENCE in rows:
        _add_comparisons(add, rows)
    return "\n".join(table.lines())


def _figure(row, key):
    return (
        format_spread(row["seeds"][key]) if "seeds" in row else format_number(row[key])
    )


def _add_comparisons(add, rows):
    def cell(make):
        def of_row(name):
            comparison = rows[name]["comparison"]
            return make(comparison) if comparison else ""

        return of_row

    add(f"{REFERENCE} ahead by", cell(lambda c: format_number(c["difference"])))
    add("95% interval", cell(lambda c: format_range(c["interval"])))
    add("p", cell(lambda c: _p_value(c["p_holm"])))


def _p_value(p):
    return "< 0.001" if p is not None and p < 0.001 else format_number(p)

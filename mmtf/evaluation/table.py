"""The table that `mmtf evaluate` prints."""

COLUMNS = {
    "accuracy": "accuracy", "f1": "F1", "recall": "recall", "roc_auc": "ROC-AUC",
    "loss": "loss", "mae": "MAE", "rmse": "RMSE", "pearson": "Pearson",
}  # fmt: skip


def format_table(split: str, metrics: dict, *, oracle: dict | None = None) -> str:
    """One line a modality subset.

    Args:
        split: its name.
        metrics: that split's object of metrics.json.
        oracle: best possible accuracy of each subset's name, when it is known.

    Returns:
        Lines without a newline at the end.
    """
    subsets = metrics["subsets"]
    columns = [key for key in COLUMNS if key in next(iter(subsets.values()))]
    header = [f"{split} ({metrics['examples']} rows)", *(COLUMNS[k] for k in columns)]
    rows = [
        [name, *(_number(figures[key]) for key in columns)]
        for name, figures in subsets.items()
    ]
    if oracle is not None:
        header.append("best possible")
        for row in rows:
            row.append(_number(oracle[row[0]]))
    return _align([header, *rows])


def _number(value):
    return "not defined" if value is None else f"{value:.3f}"


def _align(rows):
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [
            cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)
        ]
        lines.append("  ".join(cells))
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(lines)

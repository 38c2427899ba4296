"""The tables that `mmtf robustness` prints."""

from mmtf.evaluation.table import aligned_lines


def format_robustness(report: dict) -> str:
    """A table for rows that lose a modality, and one for each corruption.

    Args:
        report: what RUN/robustness.json holds.

    Returns:
        Lines without a newline at the end.
    """
    metric = "mae" if "mae" in report["dropped"]["all"][0] else "accuracy"
    rows = [*_dropped_rows(report["dropped"], metric)]
    for name, curve in report["noise"].items():
        rows += [[""], *_noise_rows(name, curve, metric)]
    title = {"accuracy": "Accuracy", "mae": "Mean absolute error"}[metric]
    head = f"{title} on {report['split']} ({report['examples']} rows)"
    return "\n".join([head, "", *aligned_lines(rows)])


def _dropped_rows(dropped, metric):
    # Every other share fits a terminal; robustness.json holds them all.
    points = {name: curve[::2] for name, curve in dropped.items()}
    shares = [f"{point['share']:.0%}" for point in points["all"]]
    yield ["rows that lose it", *shares]
    for name, curve in points.items():
        yield [f"  {name}", *(f"{point[metric]:.3f}" for point in curve)]


def _noise_rows(name, curve, metric):
    points = [curve["clean"], *curve["levels"]]
    levels = [f"{point['level']:g}" for point in curve["levels"]]
    yield [f"{curve['modality']} {name}, {curve['unit']}", "clean", *levels]
    yield ["  all modalities", *(f"{point[metric]:.3f}" for point in points)]
    alone = [f"{point['alone'][metric]:.3f}" for point in points]
    yield [f"  {curve['modality']} alone", *alone]

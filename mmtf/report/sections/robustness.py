"""How the model does as modalities go missing or get noisy: RUN/robustness.json."""

from mmtf.report.evidence import Evidence
from mmtf.report.figures import HEADLINE, label, show
from mmtf.report.plots import Line, line_plot


def describe(evidence: Evidence) -> dict | None:
    """A plot for dropped modalities and one for each kind of noise."""
    report = evidence.robustness
    if report is None:
        return None
    key = HEADLINE[evidence.task]
    y_label = label(key, evidence.task)
    y_limits = _common_limits(report["noise"].values(), key)
    return {
        "figure": y_label,
        "dropped": _dropped(report["dropped"], key, y_label),
        "noise": [
            {
                "name": name,
                "modality": curve["modality"],
                "unit": curve["unit"],
                "plot": _noise(index, name, curve, key, y_label, y_limits),
            }
            for index, (name, curve) in enumerate(report["noise"].items())
        ],
    }


def _dropped(dropped, key, y_label):
    lines = [
        _dropped_line(name, points, key, dashes=index)
        for index, (name, points) in enumerate(dropped.items())
    ]
    ends = ", ".join(
        f"{name} {show(key, points[-1][key])}" for name, points in dropped.items()
    )
    start = show(key, dropped["all"][0][key])
    return line_plot(
        "dropped",
        f"{y_label} against the share of rows that lose a modality, from {start} when "
        f"none does to, when all do: {ends}.",
        lines,
        x_label="rows that lose it, %",
        y_label=y_label,
        x_limits=(0, 100),
    )


def _dropped_line(name, points, key, dashes):
    values = [point[key] for point in points]
    spreads = [point["std"] for point in points]
    return Line(
        x=[100 * point["share"] for point in points],
        y=values,
        label=name,
        color="fused" if name == "all" else name,
        dashes=dashes,
        band=(
            [value - spread for value, spread in zip(values, spreads, strict=True)],
            [value + spread for value, spread in zip(values, spreads, strict=True)],
        ),
    )


def _points(curve):
    return [curve["clean"], *curve["levels"]]


def _common_limits(curves, key):
    """One y-axis for all plots of noise, so that they can be compared by eye."""
    values = [
        value
        for curve in curves
        for point in _points(curve)
        for value in (point[key], point["alone"][key])
    ]
    if not values:
        return None, None
    margin = 0.05 * (max(values) - min(values)) or 0.05
    return min(values) - margin, max(values) + margin


def _noise(index, name, curve, key, y_label, y_limits):
    points = _points(curve)
    places = range(len(points))
    levels = [f"{point['level']:g}" for point in curve["levels"]]
    modality = curve["modality"]
    together = [point[key] for point in points]
    alone = [point["alone"][key] for point in points]
    lines = [
        Line(x=places, y=together, label="all modalities", color="fused", markers=True),
        Line(
            x=places,
            y=alone,
            label=f"{modality} alone",
            color=modality,
            dashes=1,
            markers=True,
        ),
    ]
    return line_plot(
        f"noise-{index}",
        f"{y_label} as {modality} suffers from {name}: from {show(key, together[0])} "
        f"clean to {show(key, together[-1])} at {levels[-1]} ({curve['unit']}); "
        f"{modality} alone from {show(key, alone[0])} to {show(key, alone[-1])}.",
        lines,
        x_label=f"{name}, {curve['unit']}",
        y_label=y_label,
        y_limits=y_limits,
        x_ticks=dict(zip(places, ["clean", *levels], strict=True)),
    )

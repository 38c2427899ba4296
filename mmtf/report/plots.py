"""Plots as SVG inside a page: lines, points and bars in the page's colours."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mmtf.report.svg import NUM_SERIES, color, style, to_svg

_SIZE_INCHES = (4.6, 3.4)
_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
_MAX_LABEL_CHARACTERS = 36
_NUM_BINS = 30
# Inches that an entry of the legend takes.
_LEGEND_HANDLE, _LEGEND_CHARACTER = 0.55, 0.08


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of `line_plot`."""

    x: Sequence[float]
    y: Sequence[float]
    """None or NaN where nothing is known."""
    label: str
    color: str
    """A colour of the page, see `mmtf.report.svg.color`."""
    dashes: int = 0
    """Which of the line styles, so that lines differ without colour too."""
    band: tuple[Sequence[float], Sequence[float]] | None = None
    """Lower and upper bounds, shaded."""
    markers: bool = False
    """Show the points."""
    sizes: Sequence[float] | None = None
    """Draw points whose areas are like these, and a thin line."""


def series_line(index: int, **line) -> Line:
    """A line of the index-th series, in its colour and style."""
    return Line(
        color=f"series-{index % NUM_SERIES}", dashes=index % len(_DASHES), **line
    )


def line_plot(
    name: str,
    alternative: str,
    lines: Sequence[Line],
    *,
    x_label: str,
    y_label: str,
    x_limits: tuple[float | None, float | None] = (None, None),
    y_limits: tuple[float | None, float | None] = (None, None),
    diagonal: bool = False,
    whole_x: bool = False,
    x_ticks: Mapping[float, str] | None = None,
) -> Markup:
    """Lines with a legend above them.

    Args:
        name: unique on the page.
        alternative: what is seen, in words.
        lines: what to draw, in the legend's order.
        x_label: what the x-axis shows, with its unit.
        y_label: what the y-axis shows, with its unit.
        x_limits: ends of the x-axis; None is chosen from the lines.
        y_limits: ends of the y-axis.
        diagonal: draw where x equals y.
        whole_x: tick whole numbers only.
        x_ticks: what to write at which places, instead of numbers.
    """
    with _axes(x_label, y_label) as (figure, axes):
        for line in lines:
            _draw_line(axes, line)
        if diagonal:
            axes.axline((0, 0), slope=1, color=color("quiet"), linewidth=0.8, zorder=1)
        if whole_x:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if x_ticks is not None:
            axes.set_xticks([*x_ticks], [*x_ticks.values()])
        axes.set_xlim(*x_limits)
        axes.set_ylim(*y_limits)
        _add_legend(figure, lines)
        return to_svg(figure, name, alternative)


def scatter_plot(
    name: str,
    alternative: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    x_label: str,
    y_label: str,
) -> Markup:
    """Points, and a line where x equals y; arguments as `line_plot`."""
    with _axes(x_label, y_label) as (figure, axes):
        axes.scatter(x, y, s=9, color=color("series-0"), alpha=0.5, linewidths=0)
        middle = float(np.mean(x)) if len(x) else 0.0
        axes.axline((middle, middle), slope=1, color=color("quiet"), linewidth=0.8)
        return to_svg(figure, name, alternative)


def histogram(
    name: str, alternative: str, values: np.ndarray, *, x_label: str
) -> Markup:
    """Bars of how many rows have values in ranges of equal width."""
    with _axes(x_label, "rows") as (figure, axes):
        axes.hist(values, bins=_NUM_BINS, color=color("series-0"), rwidth=0.92)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
        return to_svg(figure, name, alternative)


@contextmanager
def _axes(x_label, y_label):
    with style():
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.grid(axis="y")
        axes.tick_params(length=0)
        yield figure, axes


def _draw_line(axes, line):
    y = np.array(line.y, "float64")
    axes.plot(
        line.x,
        y,
        color=color(line.color),
        linestyle=_DASHES[line.dashes],
        marker="o" if line.markers else None,
        markersize=3.5,
        linewidth=None if line.sizes is None else 1,
        zorder=3,
    )
    if line.sizes is not None:
        areas = 80 * np.array(line.sizes, "float64") / max(line.sizes)
        axes.scatter(line.x, y, s=8 + areas, color=color(line.color), alpha=0.6, lw=0)
    if line.band is not None:
        low, high = (np.array(bound, "float64") for bound in line.band)
        axes.fill_between(
            line.x, low, high, color=color(line.color), alpha=0.15, linewidth=0
        )


def _add_legend(figure, lines):
    labels = [_short(line.label) for line in lines]
    width = _LEGEND_HANDLE + _LEGEND_CHARACTER * max(map(len, labels), default=0)
    figure.legend(
        figure.axes[0].lines[: len(lines)],
        labels,
        loc="outside upper left",
        ncols=max(1, min(len(labels), int(_SIZE_INCHES[0] / width))),
    )


def _short(label):
    """A label as SVG can hold it, which control characters cannot stand in."""
    label = " ".join(label.split())
    label = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label
    )
    if len(label) <= _MAX_LABEL_CHARACTERS:
        return label
    return label[: _MAX_LABEL_CHARACTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"

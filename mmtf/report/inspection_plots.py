"""Plots of an inspection: label shares of each split, and distributions."""

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from mmtf.report.svg import NUM_SERIES, color, style, to_svg

_WIDTH_INCHES = 4.6
_HISTOGRAM_INCHES = (4.6, 2.4)
_MAX_NAME_CHARACTERS = 20


def share_bars(
    name: str,
    alternative: str,
    shares: Mapping[str, Sequence[float]],
    values: Sequence[str],
) -> Markup:
    """Bars, for each value one of each series.

    Args:
        name: unique on the page.
        alternative: what is seen, in words.
        shares: for each series its shares of the values, from 0 to 1.
        values: their names, from top to bottom.
    """
    with style():
        height = 0.9 + 0.22 * len(values) * (len(shares) + 0.6)
        figure = Figure(figsize=(_WIDTH_INCHES, height), layout="constrained")
        axes = figure.add_subplot()
        thickness = 0.8 / len(shares)
        for index, (series, of_series) in enumerate(shares.items()):
            axes.barh(
                np.arange(len(values)) + (index - (len(shares) - 1) / 2) * thickness,
                of_series,
                height=0.9 * thickness,
                color=color(f"series-{index % NUM_SERIES}"),
                label=series,
            )
        axes.set_yticks(np.arange(len(values)), [_short(value) for value in values])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        axes.grid(axis="x")
        axes.tick_params(length=0)
        figure.legend(loc="outside upper left", ncols=min(3, len(shares)))
        return to_svg(figure, name, alternative)


def counted_histogram(
    name: str,
    alternative: str,
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    x_label: str,
    tone: str,
) -> Markup:
    """Bars whose heights are already counted.

    Args:
        name: unique on the page.
        alternative: what is seen, in words.
        edges: of the bars, one more than there are.
        counts: how many rows each holds.
        x_label: what the x-axis shows, with its unit.
        tone: a colour of the page, see `mmtf.report.svg.color`.
    """
    with style():
        figure = Figure(figsize=_HISTOGRAM_INCHES, layout="constrained")
        axes = figure.add_subplot()
        widths = np.diff(edges)
        axes.bar(
            edges[:-1], counts, width=0.92 * widths, align="edge", color=color(tone)
        )
        axes.set_xlabel(x_label)
        axes.set_ylabel("rows")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.grid(axis="y")
        axes.tick_params(length=0)
        return to_svg(figure, name, alternative)


def _short(value):
    cut = value[: _MAX_NAME_CHARACTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
    # A dollar sign would start a formula.
    return (cut if len(value) > _MAX_NAME_CHARACTERS else value).replace("$", r"\$")

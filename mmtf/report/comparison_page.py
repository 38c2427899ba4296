"""The page of `mmtf compare --html`."""

from mmtf.report.comparison import show_figure
from mmtf.report.figures import HEADLINE, label, present, show, show_interval
from mmtf.report.page import render
from mmtf.report.sections.subsets import Axis


def comparison_page(comparison: dict) -> str:
    """Runs side by side as HTML that needs nothing else.

    Args:
        comparison: what `compare_runs` returns.
    """
    runs, task = comparison["runs"], comparison["task"]
    keys = present(key for run in runs for key in run["figures"])
    return render(
        "comparison.html.j2",
        comparison=comparison,
        headline=_headline(runs, HEADLINE[task], task),
        figures=[
            (label(key, task), [show_figure(run, key) for run in runs]) for key in keys
        ],
    )


def _headline(runs, key, task):
    axis = Axis.around(
        value
        for run in runs
        for value in [run["figures"][key], *run["intervals"].get(key, [])]
    )
    return {
        "figure": label(key, task),
        "low": show(key, axis.low),
        "high": show(key, axis.high),
        "rows": [
            {
                "name": run["name"],
                "value": show(key, run["figures"][key]),
                "interval": show_interval(key, run["intervals"].get(key)),
                "place": axis.place(run["figures"][key]),
                "ends": [axis.place(end) for end in run["intervals"].get(key, [])],
            }
            for run in runs
        ],
    }

"""RUN/report.html: all that is known of a run, on one page."""

from collections.abc import Mapping, Sequence

from mmtf.report.evidence import Evidence
from mmtf.report.page import render
from mmtf.report.rows import Row
from mmtf.report.sections import (
    calibration,
    card,
    classes,
    curves,
    data,
    environment,
    errors,
    headline,
    modalities,
    robustness,
    subsets,
    training,
    values,
)
from mmtf.run import Run, write_text

_FROM_EVIDENCE = {
    "headline": headline,
    "subsets": subsets,
    "classes": classes,
    "curves": curves,
    "values": values,
    "calibration": calibration,
    "modalities": modalities,
    "robustness": robustness,
    "training": training,
}


def report_page(
    evidence: Evidence,
    *,
    positions: Sequence[int] = (),
    rows: Sequence[Row] = (),
    data_report: Mapping | None = None,
) -> str:
    """The page as text.

    Args:
        evidence: of a split of the run.
        positions: the rows of the split to show as errors, from `find_errors`.
        rows: the same rows of the data.
        data_report: the build's report, as `dataclasses.asdict` gives it.

    Returns:
        HTML that needs nothing else: no file, no network, no script.
    """
    sections = {
        name: section.describe(evidence) for name, section in _FROM_EVIDENCE.items()
    }
    return render(
        "report.html.j2",
        run=evidence,
        **sections,
        errors=errors.describe(evidence, positions, rows),
        data=data.describe(data_report),
        card=card.describe(evidence, data_report),
        environment=environment.describe(evidence.config),
    )


def write_report(run: Run, evidence: Evidence, **shown) -> str:
    """Writes RUN/report.html.

    Args:
        run: the run folder.
        evidence: from `read_evidence`.
        shown: rows and the data's report, as for `report_page`.

    Returns:
        The path of the page.
    """
    path = run.path("report.html")
    write_text(path, report_page(evidence, **shown))
    return path

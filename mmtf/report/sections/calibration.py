"""Whether scores may be read as probabilities, before and after the temperature.

Legend: N rows, C classes.
"""

from mmtf.evaluation.calibration import CALIBRATION_METRICS, reliability_bins
from mmtf.features import FULL
from mmtf.report.evidence import Evidence
from mmtf.report.figures import label, show
from mmtf.report.page import number
from mmtf.report.plots import Line, line_plot


def describe(evidence: Evidence) -> dict | None:
    """The temperature, a table of figures before and after it, and a diagram."""
    if evidence.task == "regression" or evidence.figures is None:
        return None
    calibration = evidence.figures.get("calibration")
    if calibration is None:
        return None
    return {
        "temperature": number(evidence.temperature),
        "is_fitted": evidence.is_calibrated,
        "rows": [
            (
                label(key, evidence.task),
                *(show(key, calibration[when][key]) for when in ("before", "after")),
            )
            for key in CALIBRATION_METRICS
        ],
        "diagram": _diagram(evidence, calibration),
    }


def _diagram(evidence, calibration):
    predictions = evidence.predictions
    if predictions is None or not len(predictions.labels):
        return None
    logits = predictions.logits[FULL].astype("float64")
    before = _line(predictions.labels, logits, label="before", color="quiet", dashes=1)
    lines = [before] if evidence.is_calibrated else []
    after = "after" if evidence.is_calibrated else "as trained"
    scaled = logits / evidence.temperature
    lines.append(_line(predictions.labels, scaled, label=after, color="fused"))
    errors = (number(calibration[when]["ece"]) for when in ("before", "after"))
    return line_plot(
        "reliability",
        "Share of right answers against the score of the answer; on the line both are "
        f"equal. Calibration error {' before and '.join(errors)} after.",
        lines,
        x_label="score of the answer",
        y_label="share that is right",
        x_limits=(0, 1.02),
        y_limits=(0, 1.02),
        diagonal=True,
    )


def _line(labels, logits, **line):
    bins = [b for b in reliability_bins(labels, logits) if b.count]
    return Line(
        x=[b.confidence for b in bins],
        y=[b.accuracy for b in bins],
        sizes=[b.count for b in bins],
        **line,
    )

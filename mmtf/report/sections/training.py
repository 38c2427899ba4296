"""Learning curves from history.csv."""

from mmtf.report.evidence import Evidence
from mmtf.report.figures import label
from mmtf.report.page import listed, number
from mmtf.report.plots import Line, line_plot


def describe(evidence: Evidence) -> dict | None:
    """A plot for each figure that was followed, and which epoch was the best."""
    history = evidence.history
    if history is None:
        return None
    followed = [name for name in history if f"val_{name}" in history]
    losses = history.get("val_loss", [])
    known = [(loss, epoch) for epoch, loss in enumerate(losses, 1) if loss is not None]
    loss, best = min(known, default=(None, None))
    return {
        "epochs": len(history["epoch"]),
        "best": best,
        "best_loss": number(loss),
        "hardships": listed(_hardships(evidence.config)),
        "plots": [
            (label(name, evidence.task), _plot(evidence, name))
            for name in sorted(followed, reverse=True)
        ],
    }


def _hardships(config):
    """What rows go through in training alone."""
    if config.data.augment:
        yield "are changed at random"
    if config.model.modality_dropout:
        yield "lose modalities"


def _plot(evidence, name):
    training, validation = evidence.history[name], evidence.history[f"val_{name}"]
    y_label = label(name, evidence.task)
    epochs = range(1, len(training) + 1)
    lines = [
        Line(x=epochs, y=training, label="training", color="quiet", dashes=1),
        Line(x=epochs, y=validation, label="validation", color="fused"),
    ]
    return line_plot(
        f"training-{name}",
        f"{y_label} by epoch: training from {number(training[0])} to "
        f"{number(training[-1])}, validation from {number(validation[0])} to "
        f"{number(validation[-1])}.",
        lines,
        x_label="epoch",
        y_label=y_label,
        whole_x=True,
    )

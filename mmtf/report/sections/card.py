"""A model card after Mitchell et al. 2019, "Model Cards for Model Reporting".

Each sentence follows from what was measured or configured; what was not measured is
said to be so.
"""

from collections.abc import Mapping

from mmtf.report.evidence import Evidence
from mmtf.report.page import count, listed, percent
from mmtf.report.sections.headline import result
from mmtf.report.sections.limitations import limitations
from mmtf.version import __version__

_MAX_NAMED_CLASSES = 10
_ENCODERS = {
    "bert": "BERT",
    "birnn": "a bidirectional GRU",
    "resnet50": "ResNet50",
    "cnn": "a convolutional network",
    "conv_tasnet": "a Conv-TasNet encoder",
    "crnn": "a convolutional recurrent network",
}


def describe(evidence: Evidence, report: Mapping | None) -> list[tuple[str, list]]:
    """Headings with their sentences.

    Args:
        evidence: of the split.
        report: the build's report as `dataclasses.asdict` gives it.
    """
    return [
        ("Model", list(_model(evidence))),
        ("Intended use", list(_use(evidence))),
        ("Data", list(_data(evidence, report))),
        ("Metrics", list(_metrics(evidence))),
        ("Limitations", list(limitations(evidence))),
    ]


def _model(evidence):
    model = evidence.config.model
    parts = [
        f"{_ENCODERS[getattr(model, modality).encoder]} for {modality}"
        for modality in model.modalities
    ]
    yield f"{listed(parts)}, joined by {model.fusion} fusion."
    pretrained = [
        f"the {modality} encoder from {weights}"
        for modality, weights in (
            ("text", model.text.preset),
            ("image", model.image.weights),
        )
        if weights and modality in model.modalities
    ]
    if pretrained:
        yield f"It starts from pretrained weights: {listed(pretrained)}."
    else:
        yield "It is trained from random weights; nothing comes from other data."
    yield f"This page was made by mmtf {__version__}."


def _use(evidence):
    model = evidence.config.model
    what = listed([_NOUNS[modality] for modality in model.modalities])
    if len(model.modalities) > 1:
        what += ", any of which may be absent"
    if evidence.task == "regression":
        yield f"It gives a number to rows of {what}."
    else:
        names = evidence.class_names
        shown = listed(names[:_MAX_NAMED_CLASSES])
        more = len(names) - _MAX_NAMED_CLASSES
        rest = f" and {more} more" if more > 0 else ""
        yield (
            f"It tells {count(len(names))} classes apart ({shown}{rest}) in rows of "
            f"{what}."
        )
    yield (
        "It is meant for rows from the same source as its data. For another language, "
        "population, camera or microphone, measure it on rows from there first."
    )
    yield (
        "Its answers are estimates. A decision that matters to a person must not rest "
        "on them alone."
    )


_NOUNS = {"text": "text", "image": "image", "audio": "voice recording"}


def _data(evidence, report):
    if report is None:
        yield "The data were not at hand when this page was made."
        return
    splits = report["splits"]
    rows = [f"{count(split['rows'])} {name}" for name, split in splits.items()]
    yield f"The data hold {listed(rows)} rows."
    for modality in evidence.config.model.modalities:
        total = sum(split["rows"] for split in splits.values())
        lacking = total - sum(split["present"][modality] for split in splits.values())
        if lacking:
            yield f"{percent(lacking / total)} of all rows have no {modality}."
    yield (
        "The weights are learned from the training split. The validation split chose "
        "the best epoch"
        + (" and the temperature of the scores." if evidence.is_calibrated else ".")
    )


def _metrics(evidence):
    if evidence.figures is None:
        yield f"Nothing was measured on the {evidence.split} split yet."
        return
    yield result(evidence)
    yield (
        "Intervals are percentiles of the bootstrap over rows; comparisons are paired "
        "by row and their p-values raised by Holm's method, since there are several."
    )
    if evidence.task == "classification":
        yield "Macro figures are means over classes, each counting alike."

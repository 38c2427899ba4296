"""What a reader must not expect of a model, as far as is known."""

from collections.abc import Iterator

from mmtf.features import FULL
from mmtf.report.evidence import Evidence
from mmtf.report.figures import HEADLINE, interval_of, label, show
from mmtf.report.page import count, listed, number, percent


def limitations(evidence: Evidence) -> Iterator[str]:
    """Sentences, the measured limits first, then what was not measured.

    Args:
        evidence: of the split.
    """
    if evidence.figures is not None and evidence.figures["examples"]:
        yield from _measured_limits(evidence)
    yield from _unmeasured_limits(evidence)
    model = evidence.config.model
    limits = {
        "text": f"{model.text.sequence_length} tokens of a text",
        "image": f"{model.image.size} × {model.image.size} pixels of an image",
        "audio": f"{model.audio.seconds:g} s of a recording",
    }
    seen = listed([limits[modality] for modality in model.modalities])
    yield f"It sees no more than {seen}."
    yield (
        "A row with none of the modalities is answered all the same; that answer says "
        "nothing of the row."
    )


def _measured_limits(evidence) -> Iterator[str]:
    figures, key = evidence.figures, HEADLINE[evidence.task]
    figure = label(key, evidence.task)
    interval = interval_of(figures, FULL, key)
    if interval:
        half = (interval[1] - interval[0]) / 2
        within = number(half) if key == "mae" else f"{number(100 * half, 1)} points"
        yield (
            f"With {count(figures['examples'])} rows the {figure} is known to "
            f"about {within} either way, and only for rows drawn as these were. Where "
            "several rows come from one person or event, less surely than that."
        )
    modalities = evidence.config.model.modalities
    if len(modalities) > 1:
        alone = {m: figures["subsets"][m][key] for m in modalities}
        worst = (min if key == "accuracy" else max)(alone, key=alone.get)
        shown = show(key, alone[worst])
        yield f"With {worst} alone it does worst: {figure} {shown}."
    found = {
        name: of["recall"]
        for name, of in figures.get("per_class", {}).items()
        if of["recall"] is not None
    }
    if found:
        name = min(found, key=found.get)
        support = count(figures["per_class"][name]["support"])
        share = percent(found[name])
        yield f"It finds {name} least often: in {share} of its {support} rows."


_FLATTERING = {
    "train": "It was trained on the rows of this split",
    "validation": "The best epoch was chosen on this split",
}


def _unmeasured_limits(evidence):
    if evidence.split in _FLATTERING:
        yield f"{_FLATTERING[evidence.split]}: figures on it flatter the model."
    if not evidence.seeds:
        yield "What another seed of training would change was not measured."
    if evidence.robustness is None:
        yield "How it bears noise and modalities that drop out was not measured."
    if evidence.task == "classification" and not evidence.is_calibrated:
        yield "Its scores were not calibrated; do not read them as probabilities."
    yield (
        "How it does on groups of people, by age, sex, accent or skin colour, was not "
        "measured: the data name no such groups."
    )

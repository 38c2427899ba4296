"""An explanation as one self-contained HTML page."""

import numpy as np

from mmtf.explain.explanation import SPAN_SECONDS, Explanation
from mmtf.explain.pictures import heat_map, picture, sound, waveform_plot
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT
from mmtf.report.page import render

_BASELINES = {
    TEXT: "[MASK] in the place of each token",
    IMAGE: "an even picture of the image's mean colour",
    AUDIO: "silence of the same length",
}


def explanation_page(explanation: Explanation) -> str:
    """The page that `mmtf explain --html` writes."""
    shown = {TEXT: _words, IMAGE: _image, AUDIO: _audio}
    return render(
        "explanation.html.j2",
        explanation=explanation,
        index=explanation.explained,
        modalities=_modalities(explanation),
        baselines=_BASELINES,
        **{
            modality: show(explanation)
            if modality in explanation.attributions
            else None
            for modality, show in shown.items()
        },
    )


def _modalities(explanation):
    contributions = explanation.contributions[:, explanation.explained]
    return [
        {
            "name": modality,
            "present": bool(present),
            "contribution": float(contribution),
            "percent": percent,
            "weight": float(weight),
        }
        for modality, present, contribution, percent, weight in zip(
            MODALITIES,
            explanation.presence,
            contributions,
            _percent_of_largest(contributions),
            explanation.modality_weights,
            strict=True,
        )
    ]


def _words(explanation):
    values = explanation.attributions[TEXT].values
    return [
        {
            "token": token.removeprefix("##"),
            "continues": token.startswith("##"),
            "value": round(float(value), 2) + 0.0,  # no -0.00
            "percent": percent,
        }
        for token, value, percent in zip(
            explanation.tokens, values, _percent_of_largest(values), strict=True
        )
    ]


def _image(explanation):
    values = explanation.attributions[IMAGE].values
    grid = explanation.image_grid()
    return {
        "picture": picture(explanation.image),
        "heat_map": heat_map(explanation.image, values),
        "grid": (grid.round(2) + 0.0).tolist(),
        "strongest": _strongest_cell(grid),
    }


def _strongest_cell(grid):
    """Where most of it is, in words."""
    row, column = np.unravel_index(np.abs(grid).argmax(), grid.shape)
    return (
        f"row {row + 1} of {grid.shape[0]} from the top, "
        f"column {column + 1} of {grid.shape[1]} from the left"
    )


def _audio(explanation):
    spans = explanation.audio_spans()
    start = float(np.abs(spans).argmax()) * SPAN_SECONDS
    strongest = f"{start:.1f} to {start + SPAN_SECONDS:.1f} s"
    plot = waveform_plot(
        "waveform",
        "The waveform, and what each 100 ms of it adds to "
        f"{explanation.explained_output}; most is from {strongest}.",
        explanation.waveform,
        spans,
        sample_rate_hz=explanation.sample_rate_hz,
        y_label="log-odds" if explanation.labels.class_names else "value",
    )
    sounds = sound(explanation.waveform, explanation.sample_rate_hz)
    return {"plot": plot, "sound": sounds}


def _percent_of_largest(values):
    largest = float(np.abs(values).max(initial=0.0)) or 1.0
    return [round(100 * abs(float(value)) / largest) for value in values]

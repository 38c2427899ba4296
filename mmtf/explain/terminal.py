"""An explanation as text for a terminal."""

import numpy as np

from mmtf.explain.explanation import SPAN_SECONDS, Explanation
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT

_BAR_WIDTH = 30
_SHADES = " ░▒▓█"
_FOR, _AGAINST, _PLAIN = "\x1b[34m", "\x1b[33m", "\x1b[0m"
_BASELINES = {
    TEXT: "{:.2f} with [MASK] in the place of each",
    IMAGE: "{:.2f} for an even picture of its mean colour",
    AUDIO: "{:.2f} for silence",
}


def format_explanation(explanation: Explanation, *, graphic: bool) -> str:
    """Scores, modalities, tokens, a coarse grid over the image, and spans of audio.

    Args:
        explanation: what to show.
        graphic: with bars, shades and colours, for a terminal.

    Returns:
        Lines, the last one without a newline.
    """
    sections = [_scores(explanation, graphic), _modalities(explanation)]
    for modality, show in ((TEXT, _tokens), (IMAGE, _grid), (AUDIO, _spans)):
        if modality in explanation.attributions:
            sections.append(show(explanation, graphic))
    if explanation.attributions:
        sections.append(_completeness(explanation))
    return "\n\n".join("\n".join(section) for section in sections)


def _scores(explanation, graphic):
    named = zip(explanation.output_names, explanation.scores, strict=True)
    if explanation.labels.task == "regression":
        return [f"{name}: {score:.4g}" for name, score in named]
    ranked = sorted(named, key=lambda pair: -pair[1])
    return _rows([(name, f"{score:.3f}", score) for name, score in ranked], graphic)


def _modalities(explanation):
    index = explanation.explained
    score, base = explanation.scores[index], explanation.base_scores[index]
    lines = [
        f"what each modality adds to {explanation.explained_score} "
        f"({base:.3f} with nothing seen, {score:.3f} with all)",
        f"{'':<5}  contribution  modality weight",
    ]
    for modality, contributions, weight in zip(
        MODALITIES,
        explanation.contributions,
        explanation.modality_weights,
        strict=True,
    ):
        lines.append(f"{modality:<5}  {contributions[index]:>+12.3f}  {weight:>15.3f}")
    return lines


def _tokens(explanation, graphic):
    values = explanation.attributions[TEXT].values
    rows = zip(explanation.tokens, values, strict=True)
    return [
        _heading(explanation, TEXT, "what each token adds to"),
        *_signed_rows(rows, graphic),
    ]


def _grid(explanation, graphic):
    grid = explanation.image_grid()
    largest = np.abs(grid).max() or 1.0
    show = _shade if graphic else lambda value, largest: f"{_signed(value):>7}"
    lines = ["".join(show(value, largest) for value in row) for row in grid]
    return [_heading(explanation, IMAGE, "what each part of the image adds to"), *lines]


def _spans(explanation, graphic):
    rows = (
        (f"{index * SPAN_SECONDS:.1f} s", value)
        for index, value in enumerate(explanation.audio_spans())
    )
    return [
        _heading(explanation, AUDIO, "what each 100 ms of the audio add to"),
        *_signed_rows(rows, graphic),
    ]


def _heading(explanation, modality, what):
    attribution = explanation.attributions[modality]
    baseline = _BASELINES[modality].format(attribution.baseline_output)
    return (
        f"{what} {explanation.explained_output} "
        f"({baseline}, {attribution.output:.2f} as it is)"
    )


def _completeness(explanation):
    lines = ["how far these are from adding up to the difference of the two outputs"]
    for modality, attribution in explanation.attributions.items():
        error = attribution.relative_error
        share = "" if error is None else f" ({100 * error:.2g}% of it)"
        lines.append(f"{modality:<5}  {attribution.error:.4f}{share}")
    return lines


def _signed_rows(rows, graphic):
    return _rows([(name, _signed(value), value) for name, value in rows], graphic)


def _signed(value):
    return f"{round(float(value), 2) + 0.0:+.2f}"  # no -0.00


def _rows(rows, graphic):
    """Lines of a name, a figure and, as a graphic, a bar from the largest on down."""
    width = max((len(name) for name, *_ in rows), default=0)
    largest = max((abs(value) for *_, value in rows), default=0) or 1.0
    lines = [f"{name:<{width}}  {figure:>6}" for name, figure, _ in rows]
    if not graphic:
        return lines
    bars = (_coloured("█" * round(_BAR_WIDTH * abs(v) / largest), v) for *_, v in rows)
    return [f"{line}  {bar}".rstrip() for line, bar in zip(lines, bars, strict=True)]


def _shade(value, largest):
    shade = _SHADES[round((len(_SHADES) - 1) * abs(value) / largest)]
    return _coloured(2 * shade, value)


def _coloured(text, value):
    if not text.strip():
        return text
    return f"{_FOR if value > 0 else _AGAINST}{text}{_PLAIN}"

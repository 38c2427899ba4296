"""Answers as text for a terminal."""

from collections.abc import Mapping

_BAR_WIDTH = 40


def format_prediction(prediction: Mapping) -> str:
    """A bar for each class, best first, and for each modality.

    Args:
        prediction: one of those that `predict` returns.

    Returns:
        Lines, the last one without a newline.
    """
    scores = prediction.get("scores", {})
    weights = prediction["modality_weights"]
    width = max(len(name) for name in (*scores, *weights))
    head = [f"value: {prediction['value']:.4g}"] if "value" in prediction else []
    ranked = dict(sorted(scores.items(), key=lambda pair: -pair[1]))
    return "\n".join(
        [*head, *_bars(ranked, width), "", "modality weights", *_bars(weights, width)]
    )


def _bars(shares, width):
    return [
        f"{name:<{width}}  {'█' * round(share * _BAR_WIDTH):<{_BAR_WIDTH}}  {share:.3f}"
        for name, share in shares.items()
    ]

"""What is explained of a model's logits. Legend: S points, C outputs."""

from collections.abc import Callable

from keras import ops

from mmtf.config import Labels


def score_function(labels: Labels, temperature: float) -> Callable:
    """From logits (..., C) to what contributions are parts of.

    For classes the calibrated probabilities, for a regression the value itself.
    """
    if labels.task == "regression":
        return lambda logits: logits
    return lambda logits: ops.softmax(logits / temperature, axis=-1)


def output_function(labels: Labels, temperature: float, index: int) -> Callable:
    """From logits (S, C) to what attributions are parts of, (S,).

    For a class it is the log-odds of its calibrated probability,
    log(p / (1 - p)): unlike the probability they go on changing where it is near 0
    or 1, and unlike the logit they do not change when all logits do alike.
    """
    if labels.task == "regression":
        return lambda logits: logits[:, 0]
    others = [other for other in range(len(labels.class_names)) if other != index]

    def log_odds(logits):
        logits = logits / temperature
        rest = ops.take(logits, others, axis=-1)
        return logits[:, index] - ops.logsumexp(rest, axis=-1)

    return log_odds

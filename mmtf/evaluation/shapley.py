"""How much each modality adds to an answer, shared out by Shapley's rule.

Legend: B rows, M modalities (3), C outputs, 8 subsets.
"""

from math import factorial

from keras import ops

from mmtf.features import MODALITIES, SUBSETS

COALITIONS = (*SUBSETS, ())
"""The subsets that a row is scored on, first axis of scores: the last is empty."""
FULL, EMPTY = COALITIONS.index(MODALITIES), COALITIONS.index(())


def shapley_values(scores, presence):
    """Shapley values of the modalities, exact: every subset is looked at.

    A modality's value is the mean of what it adds to a score when it joins those
    that came before it, over all orders in which they may come. The values of a row
    add up to its score with all modalities less its score with none.

    Args:
        scores: float tensor (8, B, C), scores of the rows on each of `COALITIONS`.
        presence: bool tensor (B, M).

    Returns:
        Float tensor (B, M, C), exactly 0 for an absent modality.

    Reference:
        Shapley 1953, A value for n-person games, equation 13.
    """
    weights = ops.convert_to_tensor(_weights(), scores.dtype)  # (M, 8)
    values = ops.transpose(ops.tensordot(weights, scores, axes=1), (1, 0, 2))
    return ops.where(presence[:, :, None], values, ops.zeros_like(values))


def _weights():
    return [
        [_weight(modality, subset) for subset in COALITIONS] for modality in MODALITIES
    ]


def _weight(modality, subset):
    """Share of the orders in which the modality completes, or joins, the subset."""
    completes = modality in subset
    before = len(subset) - completes
    after = len(MODALITIES) - 1 - before
    share = factorial(before) * factorial(after) / factorial(len(MODALITIES))
    return share if completes else -share

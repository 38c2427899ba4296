"""The answers of a model to every subset of a row's modalities, and what they say.

Legend: B rows, M modalities (3), D_m width of modality m, C outputs, 8 subsets.
"""

from collections.abc import Callable, Mapping

from keras import ops

from mmtf.evaluation.shapley import COALITIONS, EMPTY, FULL, shapley_values
from mmtf.features import MODALITIES, subset_mask


def explain_modalities(
    classify: Callable, features: Mapping, presence, *, score: Callable
) -> dict:
    """What each modality adds to the scores of rows that are encoded already.

    Args:
        classify: what `mmtf.model.classifier` gives, or acts like it.
        features: float tensors (B, D_m) by modality, from `mmtf.model.feature_model`.
        presence: bool tensor (B, M).
        score: from logits (..., C) to what is explained, of the same shape.

    Returns:
        `scores` (B, C); `base_scores` (B, C), with nothing seen; `contributions`
        (B, M, C), which add up to the difference of the two; and the fusion's
        `modality_weights` (B, M).
    """
    outputs = _answer_subsets(classify, features, presence)
    scores = score(ops.cast(outputs["logits"], "float32"))
    return {
        "scores": scores[FULL],
        "base_scores": scores[EMPTY],
        "contributions": shapley_values(scores, presence),
        "modality_weights": ops.cast(outputs["modality_weights"][FULL], "float32"),
    }


def _answer_subsets(classify, features, presence):
    """Outputs (8, B, ...): one call, with the rows repeated for each subset."""
    masks = ops.convert_to_tensor([subset_mask(s) for s in COALITIONS], "bool")
    seen = ops.logical_and(masks[:, None, :], presence)  # (8, B, M)
    rows = {
        modality: ops.tile(features[modality], (len(COALITIONS), 1))
        for modality in MODALITIES
    }
    rows["presence"] = ops.reshape(seen, (-1, len(MODALITIES)))
    return {
        key: ops.reshape(value, (len(COALITIONS), -1, *value.shape[1:]))
        for key, value in classify(rows).items()
    }

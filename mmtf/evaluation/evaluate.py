"""From a model and a dataset to one split's object in metrics.json."""

import keras
import tensorflow as tf

from mmtf.config import Labels
from mmtf.evaluation.metrics import classification_metrics, regression_metrics
from mmtf.evaluation.subsets import predict_subsets
from mmtf.features import SUBSETS, subset_name


def evaluate(model: keras.Model, dataset: tf.data.Dataset, labels: Labels) -> dict:
    """Measures a model on a split, for every subset of the modalities.

    Args:
        model: what `mmtf.build_model` makes.
        dataset: `(batch, label)` with every row once.
        labels: gives the task.

    Returns:
        `examples`, the figures with all modalities, and `subsets`: the same
        figures when the model sees only those modalities of every row.
    """
    predictions = predict_subsets(model, dataset)
    measure = {
        "classification": classification_metrics,
        "regression": regression_metrics,
    }[labels.task]
    subsets = {
        name: measure(predictions.labels, logits)
        for name, logits in predictions.logits.items()
    }
    full = subsets[subset_name(SUBSETS[-1])]
    return {"examples": len(predictions.labels), **full, "subsets": subsets}

"""One pass over a dataset: the model's answers for all seven modality subsets.

Legend: N rows, C outputs.
"""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from mmtf.features import SUBSETS, subset_mask, subset_name
from mmtf.model import classifier, feature_model


@dataclass(frozen=True)
class Predictions:
    """What a model says of a dataset.

    Args:
        labels: (N,) class indices or values.
        logits: of each subset's name, (N, C). The subset is all that the model
            may see; a row that has none of it is answered from nothing.
    """

    labels: np.ndarray
    logits: dict[str, np.ndarray]


def predict_subsets(model: keras.Model, dataset: tf.data.Dataset) -> Predictions:
    """Encodes each modality of each row once and fuses it seven times.

    Args:
        model: what `mmtf.build_model` makes.
        dataset: `(batch, label)`, see `pipelines.eval_dataset`.
    """
    encode, classify = feature_model(model), classifier(model)
    names = [subset_name(subset) for subset in SUBSETS]
    masks = tf.constant([subset_mask(subset) for subset in SUBSETS])

    @tf.function(reduce_retracing=True)
    def step(batch):
        features = encode(batch, training=False)
        return [
            classify({**features, "presence": batch["presence"] & mask})["logits"]
            for mask in tf.unstack(masks)
        ]

    labels, logits = [], [[] for _ in names]
    for batch, label in dataset:
        labels.append(label.numpy())
        for collected, output in zip(logits, step(batch), strict=True):
            collected.append(output.numpy())
    return Predictions(
        labels=np.concatenate(labels),
        logits={
            name: np.concatenate(collected)
            for name, collected in zip(names, logits, strict=True)
        },
    )

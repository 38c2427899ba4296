"""The record: one spec that gives its writer, its reader and TFDS's features.

A record holds `id`, `text`, `image`, `audio` and `label`; a modality that the
row does not have is the empty string. The label is the index of a class
(int64), or a number (float32).
"""

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from mmtf.config import Labels
from mmtf.features import MODALITIES

if TYPE_CHECKING:
    import tensorflow_datasets as tfds


def feature_spec(labels: Labels | None = None) -> dict[str, tf.io.FixedLenFeature]:
    """The spec that tf.io.parse_example takes.

    Args:
        labels: adds the label; without, the spec is that of what is served.

    Returns:
        Specs by key. Only the label has to be there; all else may be absent.
    """
    absent = tf.io.FixedLenFeature((), tf.string, default_value="")
    spec = {key: absent for key in ("id", *MODALITIES)}
    if labels is not None:
        spec["label"] = tf.io.FixedLenFeature((), label_dtype(labels))
    return spec


def label_dtype(labels: Labels) -> tf.DType:
    """int64 for the index of a class, float32 for a number."""
    return tf.int64 if labels.task == "classification" else tf.float32


def serialize(record: dict[str, Any], labels: Labels | None = None) -> bytes:
    """A record as a tf.train.Example, as TFDS writes it.

    Args:
        record: `id` and `text` as str or UTF-8 bytes, `image` and `audio` as
            bytes, `label` as a number; what is left out is absent.
        labels: as for `feature_spec`.
    """
    feature = {key: _bytes_feature(record.get(key, b"")) for key in ("id", *MODALITIES)}
    if labels is not None:
        feature["label"] = _label_feature(record["label"], labels)
    return tf.train.Example(
        features=tf.train.Features(feature=feature)
    ).SerializeToString(deterministic=True)


def _bytes_feature(value):
    data = value.encode() if isinstance(value, str) else value
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[data]))


def _label_feature(value, labels):
    if labels.task == "classification":
        return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
    return tf.train.Feature(float_list=tf.train.FloatList(value=[value]))


def parse(serialized: tf.Tensor, labels: Labels | None = None) -> dict[str, tf.Tensor]:
    """Reads records.

    Args:
        serialized: scalar or (B,) string.
        labels: as for `feature_spec`.

    Returns:
        A tensor of the same shape for each key.
    """
    return tf.io.parse_example(serialized, feature_spec(labels))


def tfds_features(labels: Labels) -> "tfds.features.FeaturesDict":
    """The same record to TensorFlow Datasets."""
    import tensorflow_datasets as tfds

    classification = labels.task == "classification"
    # Plain strings: TFDS's own Image and Audio would decode on reading.
    medium = tfds.features.Tensor(shape=(), dtype=tf.string)
    return tfds.features.FeaturesDict(
        {
            "id": tfds.features.Text(),
            "text": tfds.features.Text(),
            "image": medium,
            "audio": medium,
            "label": tfds.features.ClassLabel(names=labels.class_names)
            if classification
            else tfds.features.Scalar(dtype=tf.float32),
        }
    )

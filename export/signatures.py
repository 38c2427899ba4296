"""What a served model answers: raw bytes in, scores out.

The functions here become signatures of a SavedModel. Every output has the rows
first and is a string or float32, as batching and REST in TensorFlow Serving
need it. Legend: B rows, C classes, M modalities.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from mmtf.config import Labels
from mmtf.features import MODALITIES
from pipelines.preprocess import Preprocessor

INPUT_SIGNATURE = [tf.TensorSpec([None], tf.string, name) for name in MODALITIES]


def raw_bytes(
    details: keras.Model, preprocessor: Preprocessor, labels: Labels
) -> Callable[..., dict[str, tf.Tensor]]:
    """The signature `serving_default`.

    Args:
        details: from a batch to `logits` and `modality_weights`, as
            `mmtf.model.detailed_model` gives it.
        preprocessor: from raw strings to that batch.
        labels: the task and the names of the classes.

    Returns:
        A function of `text` (UTF-8), `image` and `audio` (encoded files), each
        string (B,) with "" for absent, or left out when all rows lack it. It
        gives `modality_weights` float32 (B, M), and `classes` string (B, C)
        with `scores` float32 (B, C), which sum to 1, or for regression `value`
        float32 (B, 1).
    """
    regression = labels.task == "regression"
    answer = _value if regression else _scores(labels.class_names)
    # A default must be an eager tensor to travel in the SignatureDef.
    absent = tf.constant([""])

    def serving_default(text=absent, image=absent, audio=absent):
        batch = preprocessor.batch(*align_rows(text, image, audio))
        outputs = details(batch, training=False)
        weights = tf.cast(outputs["modality_weights"], tf.float32)
        logits = tf.cast(outputs["logits"], tf.float32)
        return {**answer(logits), "modality_weights": weights}

    return serving_default


def align_rows(
    text: tf.Tensor, image: tf.Tensor, audio: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Brings the inputs of a request to one number of rows.

    Args:
        text: strings (B,), or `[""]` if the request left it out.
        image: likewise.
        audio: likewise.

    Returns:
        The three, all (B,).

    Raises:
        tf.errors.InvalidArgumentError: an input is no vector, they differ in
            length, or there is no row.
    """
    # The server never checks ranks, and a check by tf.rank is folded away.
    inputs = [tf.ensure_shape(values, [None]) for values in (text, image, audio)]
    num_rows = tf.reduce_max([tf.size(values) for values in inputs])
    rows = [_fill_left_out(values, num_rows) for values in inputs]
    sizes = [tf.size(values) for values in rows]
    check = tf.debugging.Assert(
        tf.reduce_all(tf.stack(sizes) == num_rows) & (num_rows > 0),
        ["`text`, `image`, `audio` must have equally many rows, at least one. "
         "Received:", *sizes],
    )  # fmt: skip
    with tf.control_dependencies([check]):
        return tuple(tf.identity(values) for values in rows)


def _fill_left_out(values, num_rows):
    left_out = (tf.size(values) == 1) & tf.reduce_all(values == "")
    return tf.repeat(values, tf.where(left_out, num_rows, 1))


def _scores(class_names):
    names = tf.constant([class_names])  # (1, C)

    def answer(logits):
        classes = tf.repeat(names, tf.shape(logits)[0], axis=0)
        return {"classes": classes, "scores": tf.nn.softmax(logits)}

    return answer


def _value(logits):
    return {"value": logits}

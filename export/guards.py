"""Checks inside the served graph, since the server makes none. Legend: B rows."""

from collections.abc import Mapping

import tensorflow as tf

from mmtf.config import ModelConfig
from mmtf.features import input_specs


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
    # A check by tf.rank would be folded away.
    inputs = [tf.ensure_shape(values, [None]) for values in (text, image, audio)]
    num_rows = tf.reduce_max([tf.size(values) for values in inputs])
    rows = [_fill_left_out(values, num_rows) for values in inputs]
    return tuple(_require_equal_sizes(rows, "`text`, `image`, `audio`"))


def _fill_left_out(values, num_rows):
    left_out = (tf.size(values) == 1) & tf.reduce_all(values == "")
    return tf.repeat(values, tf.where(left_out, num_rows, 1))


def require_batch(
    batch: Mapping[str, tf.Tensor], config: ModelConfig
) -> dict[str, tf.Tensor]:
    """Requires a preprocessed batch to be as mmtf/features.py says.

    Args:
        batch: tensors by key.
        config: the model's.

    Returns:
        The same tensors.

    Raises:
        tf.errors.InvalidArgumentError: a tensor has another shape, they differ in
            the number of rows, or there is no row.
    """
    shapes = {key: [None, *shape] for key, (shape, _) in input_specs(config).items()}
    values = [tf.ensure_shape(batch[key], shape) for key, shape in shapes.items()]
    names = ", ".join(f"`{key}`" for key in shapes)
    return dict(zip(shapes, _require_equal_sizes(values, names), strict=True))


def _require_equal_sizes(values, names):
    sizes = [tf.shape(value)[0] for value in values]
    check = tf.debugging.Assert(
        tf.reduce_all(tf.stack(sizes) == sizes[0]) & (sizes[0] > 0),
        [f"{names} must have equally many rows, at least one. Received:", *sizes],
    )
    with tf.control_dependencies([check]):
        return [tf.identity(value) for value in values]

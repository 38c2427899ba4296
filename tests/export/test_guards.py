import numpy as np
import pytest
import tensorflow as tf

from export.guards import align_rows, require_batch
from mmtf import presets
from mmtf.features import input_specs

align = tf.function(align_rows, autograph=False)


def as_lists(rows):
    return [values.numpy().tolist() for values in rows]


def test_inputs_of_one_length_stay_as_they_are():
    rows = align(tf.constant(["a", ""]), tf.constant(["", "c"]), tf.constant(["", ""]))

    assert as_lists(rows) == [[b"a", b""], [b"", b"c"], [b"", b""]]


def test_an_input_left_out_is_absent_from_every_row():
    left_out = tf.constant([""])

    rows = align(left_out, tf.constant(["a", "b", "c"]), left_out)

    assert as_lists(rows) == [[b"", b"", b""], [b"a", b"b", b"c"], [b"", b"", b""]]


def test_all_inputs_left_out_are_one_row():
    assert as_lists(align(*[tf.constant([""])] * 3)) == [[b""]] * 3


@pytest.mark.parametrize(
    ("text", "image", "sizes"),
    [
        (["a", "b"], ["c"], r"\[2\] \[1\] \[2\]"),
        (["a"], ["c", "d", "e"], r"\[1\] \[3\] \[3\]"),
        ([], [""], r"\[0\] \[1\] \[1\]"),
    ],
)
def test_unequal_inputs_are_refused(text, image, sizes):
    message = rf"must have equally many rows, .* Received:\] {sizes}"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        align(tf.constant(text, tf.string), tf.constant(image), tf.constant([""]))


def test_a_request_without_rows_is_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[0\] \[0\] \[0\]"):
        align(*[tf.constant([], tf.string)] * 3)


def test_the_rank_is_checked_where_the_server_does_not():
    spec = tf.TensorSpec(None, tf.string)
    run = align.get_concrete_function(spec, spec, spec)

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Shape .* \[1,1\]"):
        run(tf.constant([["a"]]), tf.constant([""]), tf.constant([""]))


CONFIG = presets.tiny().model


def zeros(num_rows):
    return {
        key: np.zeros((num_rows, *shape), dtype)
        for key, (shape, dtype) in input_specs(CONFIG).items()
    }


def require(batch):
    specs = {key: tf.TensorSpec(None, value.dtype) for key, value in batch.items()}
    check = tf.function(lambda batch: require_batch(batch, CONFIG), autograph=False)
    return check.get_concrete_function(specs)(
        {key: tf.constant(value) for key, value in batch.items()}
    )


def test_a_sound_batch_stays_as_it_is():
    assert require(zeros(2))["image"].shape == (2, 32, 32, 3)


@pytest.mark.parametrize("shape", [(2, 32, 32), (2, 32, 31, 3), (2, 32, 32, 3, 1)])
def test_a_tensor_of_another_shape_is_refused(shape):
    batch = {**zeros(2), "image": np.zeros(shape, np.float32)}
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Shape .* \[2,32"):
        require(batch)


@pytest.mark.parametrize("key", list(input_specs(CONFIG)))
def test_unequal_rows_of_a_batch_are_refused(key):
    message = "`token_ids`.* must have equally many rows, at least one. Received:"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        require({**zeros(2), key: zeros(3)[key]})


def test_a_batch_without_rows_is_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match="at least one"):
        require(zeros(0))

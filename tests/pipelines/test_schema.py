import numpy as np
import pytest
import tensorflow as tf

from mmtf.config import Labels
from pipelines import schema

CLASSES = Labels(class_names=("a", "b"))
NUMBERS = Labels(task="regression")
LABELS = [(CLASSES, 1), (NUMBERS, -1.5)]
MEDIA = {"image": b"\x00\xff\x00", "audio": b""}


def record(label):
    return {"id": "r1", "text": "caf\u00e9", **MEDIA, "label": label}


def values(tensors):
    return {key: tensor.numpy() for key, tensor in tensors.items()}


@pytest.mark.parametrize(("labels", "label"), LABELS)
def test_a_scalar_and_a_batch_are_read_back(labels, label):
    data = schema.serialize(record(label), labels)
    expected = {"id": b"r1", "text": "caf\u00e9".encode(), **MEDIA, "label": label}
    assert values(schema.parse(tf.constant(data), labels)) == expected
    batch = schema.parse(tf.constant([data, data]), labels)
    assert {key: list(v) for key, v in values(batch).items()} == {
        key: [value, value] for key, value in expected.items()
    }


@pytest.mark.parametrize(("labels", "label"), LABELS)
def test_reading_inside_tf_data(labels, label):
    rows = tf.data.Dataset.from_tensors(schema.serialize(record(label), labels))
    rows = rows.map(lambda data: schema.parse(data, labels))
    assert rows.element_spec["label"] == tf.TensorSpec((), schema.label_dtype(labels))
    assert next(rows.as_numpy_iterator())["image"] == MEDIA["image"]


@pytest.mark.parametrize(("labels", "label"), LABELS)
def test_tfds_writes_the_same(labels, label):
    features = schema.tfds_features(labels)
    theirs = features.serialize_example(features.encode_example(record(label)))
    ours = schema.serialize(record(label), labels)
    assert tf.train.Example.FromString(theirs) == tf.train.Example.FromString(ours)
    assert values(schema.parse(theirs, labels)) == values(schema.parse(ours, labels))


@pytest.mark.parametrize(("labels", "label"), LABELS)
def test_tfds_reads_the_same(labels, label):
    data = schema.serialize(record(label), labels)
    theirs = schema.tfds_features(labels).deserialize_example(data)
    ours = schema.parse(data, labels)
    assert values(theirs) == values(ours)
    assert {k: v.dtype for k, v in theirs.items()} == {
        k: v.dtype for k, v in ours.items()
    }


def test_tfds_knows_the_names_of_the_classes():
    assert schema.tfds_features(CLASSES)["label"].names == ["a", "b"]
    assert schema.tfds_features(NUMBERS)["label"].dtype == np.float32


def test_what_is_served_needs_no_label_and_no_modality():
    data = schema.serialize({"text": b"hi"})
    assert values(schema.parse(data)) == {
        "id": b"", "text": b"hi", "image": b"", "audio": b""
    }  # fmt: skip
    assert values(schema.parse(tf.train.Example().SerializeToString()))["text"] == b""


def test_a_label_has_to_be_there():
    with pytest.raises(tf.errors.InvalidArgumentError, match="label"):
        schema.parse(schema.serialize({"text": "hi"}), CLASSES)


def test_keys_have_one_order_in_every_process():
    data = schema.serialize(record(1), CLASSES)
    keys = [b"audio", b"id", b"image", b"label", b"text"]
    positions = [data.index(b"\n" + bytes([len(key)]) + key) for key in keys]
    assert positions == sorted(positions)

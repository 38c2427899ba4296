"""A model on tf.Examples whose signatures share an input, as in TensorFlow 1."""

import tensorflow as tf

from export.protocol import Example
from export.runtime import SavedModelSession
from export.serve.models import Models
from export.serve.servable import Servable

CLASSIFY = "tensorflow/serving/classify"
REGRESS = "tensorflow/serving/regress"


def load_example_models(folder):
    """Version 3 of a model `m`; its examples have `x` and `y`, 0 where missing."""
    write_example_model(str(folder / "3"))
    return Models([Servable("m", 3, SavedModelSession(str(folder / "3")))])


def write_example_model(folder):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        shared, other = (v1.placeholder(tf.string, [None]) for _ in range(2))
        builder = v1.saved_model.Builder(folder)
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {
                **_classifiers(shared),
                **_regressors(shared),
                "regress_other": _signature(REGRESS, other, outputs=_parse(other)[0]),
            },
        )
        builder.save()


def make_example(**features):
    example = Example()
    for name, value in features.items():
        example.features.feature[name].float_list.value.append(value)
    return example


def _parse(examples):
    features = {name: tf.io.FixedLenFeature([1], tf.float32, 0) for name in "xy"}
    parsed = tf.io.parse_example(examples, features)
    return parsed["x"], parsed["y"]


def _classifiers(examples):
    x, y = _parse(examples)
    classes = tf.tile([["x", "y"]], [tf.size(examples), 1])
    scores = tf.concat([x, y], 1)
    outputs = {
        "serving_default": {"classes": classes, "scores": scores},
        "classes": {"classes": classes},
        "scores": {"scores": scores},
        "flat": {"scores": x[:, 0]},
        "integers": {"scores": tf.cast(scores, tf.int32)},
        "one_row": {"scores": scores[:1]},
        "uneven": {"classes": classes, "scores": x},
        "three": {"classes": classes, "scores": scores, "x": x},
        "misnamed": {"labels": classes},
    }
    return {name: _signature(CLASSIFY, examples, **o) for name, o in outputs.items()}


def _regressors(examples):
    x, y = _parse(examples)
    chance = tf.random.uniform(tf.shape(x))
    outputs = {
        "chance": chance,
        "chance_again": tf.identity(chance),
        "regress": x / 2 + 2,
        "regress_flat": y[:, 0] / 2 + 3,
        "regress_wide": tf.concat([x, y], 1),
        "regress_one_row": x[:1],
        "regress_integers": tf.cast(x, tf.int32),
    }
    return {
        name: _signature(REGRESS, examples, outputs=o) for name, o in outputs.items()
    }


def _signature(method_name, examples, **outputs):
    info = tf.compat.v1.saved_model.build_tensor_info
    return tf.compat.v1.saved_model.build_signature_def(
        {"inputs": info(examples)},
        {name: info(tensor) for name, tensor in outputs.items()},
        method_name,
    )

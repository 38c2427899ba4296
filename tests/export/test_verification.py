import keras
import numpy as np
import pytest
import tensorflow as tf

from export.verification import (
    VerificationError,
    compare,
    live_answers,
    require_no_xla,
    require_server_ops,
)
from mmtf.config import Labels

SCORES = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)
CLASSES = np.array([[b"no", b"yes"]] * 2, object)


def test_the_models_outputs_become_answers():
    outputs = {
        "logits": tf.constant([[0.0, np.log(3.0)]]),
        "modality_weights": tf.constant([[0.5, 0.5, 0.0]]),
    }
    answers = live_answers(outputs, Labels(class_names=("no", "yes")))

    assert answers["classes"].tolist() == [[b"no", b"yes"]]
    np.testing.assert_allclose(answers["scores"], [[0.25, 0.75]], rtol=1e-6)
    assert answers["modality_weights"].tolist() == [[0.5, 0.5, 0.0]]


def test_a_regression_answers_its_logit():
    outputs = {
        "logits": tf.constant([[2.5]], tf.float16),
        "modality_weights": tf.constant([[0.5, 0.5, 0.0]]),
    }
    answers = live_answers(outputs, Labels(task="regression"))

    assert answers["value"].tolist() == [[2.5]]
    assert answers["value"].dtype == np.float32


def test_a_small_difference_passes():
    compare(["a", "b"], {"scores": SCORES + 9e-5}, {"scores": SCORES})


def test_a_large_value_may_differ_by_its_size():
    live = {"value": np.array([[1000.0]], np.float32)}
    compare(["a"], {"value": np.array([[1000.09]], np.float32)}, live)

    with pytest.raises(VerificationError, match="a difference of 0.0002"):
        compare(["a"], {"value": np.array([[1000.2]], np.float32)}, live)


@pytest.mark.parametrize(("value", "text"), [(0.502, "0.002"), (np.nan, "nan")])
def test_a_wrong_score_is_named_with_row_and_size(value, text):
    served = SCORES.copy()
    served[1, 0] = value
    with pytest.raises(
        VerificationError, match=f"'scores' of row 'b'.*a difference of {text}"
    ):
        compare(["a", "b"], {"scores": served}, {"scores": SCORES})


def test_a_wrong_class_is_named():
    with pytest.raises(VerificationError, match=r"'classes' of row 'a'.*\[b'yes'"):
        compare(["a", "b"], {"classes": CLASSES[:, ::-1]}, {"classes": CLASSES})


def test_a_wrong_shape_is_named():
    message = r"'scores' must have the shape \(2, 2\). Received: \(1, 2\)"
    with pytest.raises(VerificationError, match=message):
        compare(["a", "b"], {"scores": SCORES[:1]}, {"scores": SCORES})


def graph_of(function):
    spec = tf.TensorSpec([1, 8, 4], tf.float32)
    traced = tf.function(function, input_signature=[spec], autograph=False)
    return traced.get_concrete_function().graph.as_graph_def()


def test_a_graph_that_needs_no_xla_passes():
    require_no_xla(graph_of(lambda x: keras.ops.conv(x, tf.ones((3, 4, 4)))))


def test_a_function_compiled_by_xla_is_named():
    @tf.function(jit_compile=True)
    def compiled(x):
        return x + 1

    with pytest.raises(VerificationError, match="compiled.*jit_compile=True"):
        require_no_xla(graph_of(compiled))


def test_an_xla_op_is_named():
    def update(x):
        return keras.ops.slice_update(x, (0, tf.size(x) // 32, 0), tf.ones((1, 1, 4)))

    with pytest.raises(VerificationError, match="XlaDynamicUpdateSlice"):
        require_no_xla(graph_of(update))


def test_ops_that_servers_lack_are_refused_by_name():
    def through_python(x):
        return tf.numpy_function(lambda y: y, [x], tf.float32)

    traced = tf.function(through_python).get_concrete_function(tf.TensorSpec([1]))
    graph_def = traced.graph.as_graph_def()
    with pytest.raises(VerificationError, match="only ops that.*PyFunc"):
        require_server_ops(graph_def)
    graph_def.node[-1].op = "TFText>RoundRobinTrim"
    graph_def.node[-2].op = "Identity"
    with pytest.raises(VerificationError, match="RoundRobinTrim"):
        require_server_ops(graph_def)

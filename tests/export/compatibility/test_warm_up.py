import numpy as np
import pytest
import tensorflow as tf

from export.compatibility.warm_up import read_warm_up
from export.protocol import PredictionLog
from export.protocol.tensors import to_proto
from mmtf.errors import InputError


def write_records(folder, logs):
    """Writes PredictionLogs where the server looks for them."""
    (folder / "assets.extra").mkdir()
    path = str(folder / "assets.extra" / "tf_serving_warmup_requests")
    with tf.io.TFRecordWriter(path) as writer:
        for log in logs:
            writer.write(log.SerializeToString())


def write_warm_up(folder, texts):
    """Writes a Predict request for each signature, with the input `x`."""
    logs = []
    for signature, values in texts.items():
        log = PredictionLog()
        log.predict_log.request.model_spec.signature_name = signature
        proto = to_proto(np.array(values, object))
        log.predict_log.request.inputs["x"].CopyFrom(proto)
        logs.append(log)
    write_records(folder, logs)


def test_predict_requests_are_read(tmp_path):
    write_warm_up(tmp_path, {"": [b"a", b"b"], "embed": [b"c"]})

    requests = read_warm_up(str(tmp_path))

    assert [(name, i["x"].tolist()) for name, i in requests] == [
        ("serving_default", [b"a", b"b"]),
        ("embed", [b"c"]),
    ]


@pytest.mark.parametrize("kind", ["classify_log", "regress_log"])
def test_examples_are_read_with_their_common_context(tmp_path, kind):
    log = PredictionLog()
    request = getattr(log, kind).request
    request.model_spec.signature_name = "examples"
    request.input.example_list_with_context.context.features.feature[
        "lang"
    ].bytes_list.value.append(b"de")
    example = request.input.example_list_with_context.examples.add()
    example.features.feature["text"].bytes_list.value.append(b"gut")
    write_records(tmp_path, [log])

    ((name, inputs),) = read_warm_up(str(tmp_path))

    spec = dict.fromkeys(("lang", "text"), tf.io.FixedLenFeature([], tf.string))
    features = tf.io.parse_example(inputs["inputs"], spec)
    assert name == "examples"
    assert (features["lang"].numpy()[0], features["text"].numpy()[0]) == (b"de", b"gut")


def test_a_model_may_have_none(tmp_path):
    assert read_warm_up(str(tmp_path)) == []


def test_records_that_cannot_be_read_are_refused(tmp_path):
    write_warm_up(tmp_path, {"": [b"a"]})
    path = tmp_path / "assets.extra" / "tf_serving_warmup_requests"
    path.write_bytes(path.read_bytes()[:-3])

    with pytest.raises(InputError, match="TFRecord file of PredictionLog.*warmup"):
        read_warm_up(str(tmp_path))

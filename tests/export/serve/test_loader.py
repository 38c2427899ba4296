import os
import shutil

import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from export.runtime import Code, StatusError
from export.serve.batching import Batcher
from export.serve.loader import Loader
from export.serve.metrics import Metrics
from export.serve.options import ServerOptions

INPUTS = {"x": np.array([1.0, 2.0], np.float32), "y": np.array([3, 5], np.float32)}


def make(**options):
    metrics = Metrics(lambda: ["sums"])
    return Loader(ServerOptions(**options), metrics), metrics


@pytest.fixture
def version(arithmetic_folder, tmp_path):
    return shutil.copytree(f"{arithmetic_folder}/1", tmp_path / "1")


def write_warmup(version, x_name):
    log = prediction_log_pb2.PredictionLog()
    request = log.predict_log.request
    request.model_spec.name = "recorded"
    for name in (x_name, "y"):
        request.inputs[name].CopyFrom(tf.make_tensor_proto([1.0]))
    os.makedirs(version / "assets.extra")
    path = str(version / "assets.extra" / "tf_serving_warmup_requests")
    with tf.io.TFRecordWriter(path) as writer:
        writer.write(log.SerializeToString())


@pytest.mark.parametrize("batching", [False, True])
def test_a_loaded_version_answers_and_is_counted(version, batching):
    loader, metrics = make(enable_batching=batching)
    servable = loader.load("sums", 1, str(version))
    answer = servable.run("serving_default", INPUTS)
    servable.close()

    assert answer["sum"].tolist() == [4, 7]
    text = metrics.text()
    assert f'load_attempt_count{{model_path="{version}",status="success"}} 1' in text
    assert ("wrapped_run_count{} 1\n" in text) == batching


def test_warm_up_requests_are_answered_first(version):
    write_warmup(version, "x")
    loader, metrics = make()
    loader.load("sums", 1, str(version)).close()
    assert 'status="OK"} 1' in metrics.text().split("warmup_latency_count")[1]


def test_a_version_that_fails_its_warm_up_does_not_load(version):
    write_warmup(version, "z")
    loader, metrics = make()
    with pytest.raises(StatusError, match="Signature input alias|input size") as raised:
        loader.load("sums", 1, str(version))
    assert raised.value.code == Code.INVALID_ARGUMENT
    assert 'status="fail"} 1' in metrics.text()
    make(enable_model_warmup=False)[0].load("sums", 1, str(version)).close()


def test_a_model_brings_its_own_batching_parameters(version):
    (version / "batching_params.pbtxt").write_text("max_batch_size { value: 1 }")
    loader, _ = make(enable_batching=True, enable_per_model_batching_parameters=True)
    servable = loader.load("sums", 1, str(version))
    with pytest.raises(StatusError, match="2.*1"):
        servable.run("serving_default", INPUTS)
    servable.close()


def test_the_common_batching_parameters_come_from_a_file(version, tmp_path):
    path = tmp_path / "batching.pbtxt"
    path.write_text("max_batch_size { value: 1 }")
    options = {"enable_batching": True, "batching_parameters_file": str(path)}
    servable = make(**options)[0].load("sums", 1, str(version))
    assert isinstance(servable.batcher._runner, Batcher)
    with pytest.raises(StatusError, match="2.*1"):
        servable.run("serving_default", INPUTS)
    servable.close()
    path.write_text("max_batch_sizes { value: 1 }")
    with pytest.raises(StatusError, match="Error parsing text-format"):
        make(**options)

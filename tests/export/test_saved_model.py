import json
import os

import keras
import numpy as np
import pytest
import tensorflow as tf

from export import signatures
from export.saved_model import export_run, use_portable_kernels
from export.session import SavedModelSession
from export.verification import VerificationError, require_server_ops
from mmtf.config import AudioConfig, ImageConfig, Labels, TextConfig
from mmtf.errors import InputError
from mmtf.run import open_run
from tests.export.conftest import make_run, predict_logits


@pytest.fixture(scope="module")
def version(model_folder):
    return os.path.join(model_folder, "1")


@pytest.fixture(scope="module")
def session(version):
    session = SavedModelSession(version)
    yield session
    session.close()


def test_answers_equal_those_of_predict(session, rows, predicted):
    outputs = session.run("serving_default", rows)

    scores = keras.ops.softmax(predicted).numpy()
    np.testing.assert_allclose(outputs["scores"], scores, atol=1e-4)
    assert len(np.unique(scores.round(3), axis=0)) > 4  # not all rows alike
    names = [name.decode() for name in outputs["classes"][5]]
    assert names == ["schlecht", "mäßig", "gut", "sehr gut"]


def test_modality_weights_cover_what_is_present(session, rows):
    weights = session.run("serving_default", rows)["modality_weights"]

    present = np.stack([rows[key] != b"" for key in ("text", "image", "audio")], axis=1)
    assert not weights[~present].any()
    np.testing.assert_allclose(weights.sum(axis=1), present.any(axis=1), atol=1e-6)


def test_a_regression_answers_a_value(regression_folder, rows, tmp_path):
    version = export_run(regression_folder, str(tmp_path / "intensity"))

    outputs = SavedModelSession(version).run("serving_default", rows)

    assert set(outputs) == {"value", "modality_weights"}
    expected = predict_logits(regression_folder, rows)
    np.testing.assert_allclose(outputs["value"], expected, atol=1e-4)


def test_outputs_are_strings_and_floats_with_rows_first(session):
    signature = session.signatures["serving_default"]

    shapes = {
        key: (tf.as_dtype(info.dtype), [dim.size for dim in info.tensor_shape.dim])
        for key, info in signature.outputs.items()
    }
    assert shapes == {
        "classes": (tf.string, [-1, 4]),
        "scores": (tf.float32, [-1, 4]),
        "modality_weights": (tf.float32, [-1, 3]),
    }


def test_every_op_is_one_of_the_stock_server(session):
    require_portable_ops(session.graph_def)


def require_portable_ops(graph_def):
    require_server_ops(graph_def)
    functions = graph_def.library.function
    nodes = [*graph_def.node, *(n for f in functions for n in f.node_def)]
    assert not [node.op for node in nodes if "Cudnn" in node.op]
    assert not [node.name for node in nodes if "GPU" in node.device]


@pytest.mark.large
def test_the_other_encoders_use_the_stock_servers_ops_too(tmp_path):
    run_folder = make_run(
        tmp_path / "RUN",
        Labels(class_names=("no", "yes")),
        text=TextConfig(encoder="birnn", num_layers=1, hidden_dim=8),
        image=ImageConfig(encoder="resnet50", size=32),
        audio=AudioConfig(encoder="crnn", seconds=0.5, filters=(4,), hidden_dim=8),
        fusion="gated",
    )
    session = SavedModelSession(export_run(run_folder, str(tmp_path / "models")))

    require_portable_ops(session.graph_def)


def test_recurrent_layers_are_kept_from_cudnn():
    inner = keras.Sequential(
        [keras.Input((4, 2)), keras.layers.Bidirectional(keras.layers.GRU(2))]
    )
    model = keras.Sequential([keras.Input((4, 2)), inner])
    use_portable_kernels(model)

    both = inner.layers[0].forward_layer, inner.layers[0].backward_layer
    assert [layer.use_cudnn for layer in both] == [False, False]


def test_each_weight_is_stored_once(version, run_folder):
    stored = tf.train.list_variables(os.path.join(version, "variables", "variables"))
    count = sum(np.prod(shape) for key, shape in stored if "OBJECT_GRAPH" not in key)

    weights = open_run(run_folder).model.weights
    # Dropout's seed generators stay behind.
    assert count == sum(np.prod(w.shape) for w in weights if "seed" not in w.path)


def test_the_configuration_travels_along(version, run_folder):
    extras = os.path.join(version, "assets.extra")

    with open(os.path.join(extras, "class_names.json"), encoding="utf-8") as file:
        assert json.load(file) == ["schlecht", "mäßig", "gut", "sehr gut"]
    with open(os.path.join(extras, "config.json"), encoding="utf-8") as file:
        assert file.read() == open_run(run_folder).config.to_json()


def test_an_export_that_answers_otherwise_is_not_published(
    run_folder, tmp_path, monkeypatch
):
    def sigmoids(class_names):
        return lambda logits: {"classes": logits, "scores": tf.nn.sigmoid(logits)}

    monkeypatch.setattr(signatures, "_scores", sigmoids)

    with pytest.raises(VerificationError, match="'(scores|classes)' of row"):
        export_run(run_folder, str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="RUN must be a folder written by"):
        export_run(str(tmp_path), str(tmp_path / "models"))
    assert not (tmp_path / "models").exists()

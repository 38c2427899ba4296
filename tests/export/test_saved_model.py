import json
import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format

from export import saved_model
from export.protocol import BatchingParameters, PredictionLog
from export.protocol.records import read_records
from export.protocol.tensors import to_array
from export.runtime import SavedModelSession
from export.saved_model import export_run, use_portable_kernels
from export.verification import VerificationError
from export.versions import GOLDEN_REQUESTS
from mmtf.config import AudioConfig, ImageConfig, Labels, TextConfig
from mmtf.errors import InputError
from mmtf.run import open_run
from tests.export.conftest import QUICK, make_run


@pytest.fixture(scope="module")
def version(published_model):
    return os.path.join(published_model, "1")


@pytest.mark.parametrize("model", ["strict_model", "regression_model"])
def test_other_exports_pass_the_gate_too(model, request):
    folder = request.getfixturevalue(model)
    assert os.listdir(folder) == ["1"]


@pytest.mark.large
def test_the_other_encoders_pass_the_gate_too(tmp_path):
    run_folder = make_run(
        tmp_path / "RUN",
        Labels(class_names=("no", "yes")),
        text=TextConfig(encoder="birnn", num_layers=1, hidden_dim=8),
        image=ImageConfig(encoder="resnet50", size=32),
        audio=AudioConfig(encoder="crnn", seconds=0.5, filters=(4,), hidden_dim=8),
        fusion="gated",
    )
    version = export_run(run_folder, str(tmp_path / "models"), batch_sizes=(1, 2))

    stored = stored_shapes(version)
    # Batch normalisation has become part of the convolutions.
    assert not [name for name in stored if "moving_mean" in name or "gamma" in name]


def stored_shapes(version):
    stored = tf.train.list_variables(os.path.join(version, "variables", "variables"))
    return {name: shape for name, shape in stored if "OBJECT_GRAPH" not in name}


@pytest.fixture(scope="module")
def version_without_images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    labels = Labels(class_names=("no", "yes"))
    run_folder = make_run(folder / "RUN", labels, modalities=("text", "audio"))
    return export_run(run_folder, str(folder / "models"), **QUICK)


@pytest.mark.large
def test_a_model_of_two_modalities_passes_the_gate_too(version_without_images):
    log = read_logs(version_without_images, GOLDEN_REQUESTS)["explain"].response
    presence = to_array(log.outputs["presence"])
    assert presence[6].tolist() == [True, False, True]
    assert not to_array(log.outputs["contributions"])[:, 1].any()


@pytest.mark.large
def test_a_modality_that_it_is_built_without_changes_nothing(version_without_images):
    session = SavedModelSession(version_without_images)
    ask = {"text": np.array([b"not bad"], object)}
    answer = session.run("serving_default", ask)
    broken = {**ask, "image": np.array([b"no image at all"], object)}

    for name, value in session.run("serving_default", broken).items():
        np.testing.assert_array_equal(value, answer[name])
    assert answer["presence"].tolist() == [[True, False, False]]
    assert answer["modality_weights"].tolist() == [[1, 0, 0]]
    session.close()


@pytest.mark.large
def test_a_model_that_was_trained_in_16_bits_is_served_in_32(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        folder = make_run(tmp_path / "RUN", Labels(class_names=("no", "yes")))
    finally:
        keras.config.set_dtype_policy("float32")
    saved = keras.saving.load_model(os.path.join(folder, "model.keras"))
    assert "bfloat16" in {layer.compute_dtype for layer in saved._flatten_layers()}

    export_run(folder, str(tmp_path / "models"), **QUICK)


def test_recurrent_layers_are_kept_from_cudnn():
    inner = keras.Sequential(
        [keras.Input((4, 2)), keras.layers.Bidirectional(keras.layers.GRU(2))]
    )
    model = keras.Sequential([keras.Input((4, 2)), inner])
    use_portable_kernels(model)

    both = inner.layers[0].forward_layer, inner.layers[0].backward_layer
    assert [layer.use_cudnn for layer in both] == [False, False]


def test_each_weight_is_stored_once(version, run_folder):
    count = sum(np.prod(shape) for shape in stored_shapes(version).values())

    weights = open_run(run_folder).model.weights
    # Dropout's seed generators stay behind.
    expected = sum(np.prod(w.shape) for w in weights if "seed" not in w.path)
    assert count == expected + num_weights_by_serving(open_run(run_folder).config)


def num_weights_by_serving(config):
    """How many more there are since Conv-TasNet's norms are in its other weights."""
    audio = config.model.audio
    width, hidden = audio.bottleneck_dim, audio.hidden_dim
    slopes_and_norms = 2 + 4 * hidden
    shifts_and_sums = audio.block_kernel_size * hidden + 2 * width
    num_blocks = audio.num_blocks * audio.num_repeats
    of_blocks = num_blocks * (shifts_and_sums - slopes_and_norms)
    return of_blocks + width - 2 * audio.num_filters - 1


@pytest.mark.large
def test_graph_and_weights_are_hardly_larger_than_the_weights(tmp_path):
    text = TextConfig(hidden_dim=768, num_heads=12, intermediate_dim=3072)
    folder = make_run(tmp_path / "RUN", Labels(class_names=("no", "yes")), text=text)
    version = export_run(folder, str(tmp_path / "models"), **QUICK)

    weights = 4 * open_run(folder).model.count_params()
    files = [p for p in Path(version).rglob("*") if "assets.extra" not in p.parts]
    assert sum(path.stat().st_size for path in files if path.is_file()) < 1.05 * weights


def test_the_configuration_travels_along(version, run_folder):
    extras = os.path.join(version, "assets.extra")

    with open(os.path.join(extras, "class_names.json"), encoding="utf-8") as file:
        assert json.load(file) == ["schlecht", "mäßig", "gut", "sehr gut"]
    with open(os.path.join(extras, "config.json"), encoding="utf-8") as file:
        assert file.read() == open_run(run_folder).config.to_json()


def read_logs(version, path):
    records = read_records(os.path.join(version, path))
    logs = [PredictionLog.FromString(record).predict_log for record in records]
    return {log.request.model_spec.signature_name: log for log in logs}


def test_the_answers_travel_along(version, session):
    logs = read_logs(version, GOLDEN_REQUESTS)

    signatures = ["serving_default", "explain", "tensors", "examples", "embed"]
    assert list(logs) == signatures
    for name, log in logs.items():
        inputs = {key: to_array(value) for key, value in log.request.inputs.items()}
        outputs = session.run(name, inputs)
        for key, value in log.response.outputs.items():
            if key != "classes":
                np.testing.assert_allclose(outputs[key], to_array(value), atol=1e-4)


def test_batches_have_the_sizes_of_the_warm_up(version):
    with open(os.path.join(version, "batching_params.pbtxt")) as file:
        parameters = text_format.Parse(file.read(), BatchingParameters())
    assert list(parameters.allowed_batch_sizes) == [1, 4]


def test_python_can_load_it_too(version, rows, session):
    loaded = tf.saved_model.load(version).signatures["serving_default"]
    scores = loaded(**{key: tf.constant(value) for key, value in rows.items()})[
        "scores"
    ]
    expected = session.run("serving_default", rows)["scores"]
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_an_export_that_answers_otherwise_is_not_published(
    calibrated_folder, version, tmp_path, monkeypatch
):
    """The graph is that of the same run without a temperature."""

    def write_another(folder, signatures):
        ignore = shutil.ignore_patterns("assets.extra")
        shutil.copytree(version, folder, ignore=ignore, dirs_exist_ok=True)

    monkeypatch.setattr(saved_model, "write_saved_model", write_another)

    message = "'scores' of the golden row 'text' .* Received: a difference of"
    with pytest.raises(VerificationError, match=message):
        export_run(calibrated_folder, str(tmp_path), **QUICK)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [({"batch_sizes": (0,)}, "`batch_sizes` must be"),
     ({"releases": ("2.3",)}, "A server release must be one of"),
     ({"on_bad_media": "ignore"}, "`on_bad_media` must be")],
)  # fmt: skip
def test_options_that_cannot_be_are_refused(run_folder, tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        export_run(run_folder, str(tmp_path / "models"), **options)
    assert not list(tmp_path.glob("models/*"))


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="RUN must be a folder written by"):
        export_run(str(tmp_path), str(tmp_path / "models"))
    assert not (tmp_path / "models").exists()

"""Planted faults are found, and named with op, node, function and release."""

import importlib.util
import json
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.compatibility import check
from export.protocol import SavedModel
from mmtf.errors import InputError
from tests.export.compatibility.conftest import TEXTS

SINCE_2_19 = ("2.19", "2.20")


def only_error(report):
    (finding,) = [finding for finding in report.findings if finding.fatal]
    return finding


def test_a_sound_model_passes_and_is_run_for_each_set_of_kernels(save):
    folder = save(lambda x: {"y": 2 * x + 1})
    rows = {"serving_default": {"x": np.ones((3, 4), np.float32)}}

    report = check(folder, rows=rows)

    assert report.passed
    assert report.releases == ("2.14", "2.15", "2.16", "2.17", "2.18", "2.19", "2.20")
    assert [run.releases[0] for run in report.runs] == ["2.14", "2.20"]
    for run in report.runs:
        np.testing.assert_array_equal(run.answers[0]["y"], np.full((3, 4), 3))


@pytest.fixture
def round_robin_folder(save):
    keras_hub = pytest.importorskip("keras_hub")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film"]
    pack = keras_hub.models.BertTextClassifierPreprocessor(
        keras_hub.tokenizers.BertTokenizer(vocabulary=vocabulary),
        sequence_length=8,
        truncate="round_robin",
    )
    return save(lambda x: {"ids": tf.cast(pack(x)["token_ids"], tf.int32)}, TEXTS)


def test_a_round_robin_packer_fails_on_2_19_and_runs_on_2_20(round_robin_folder):
    rows = {"serving_default": {"x": np.array([b"the film", b""], object)}}

    report = check(round_robin_folder, releases=SINCE_2_19, rows=rows)

    finding = only_error(report)
    assert finding.releases == ("2.19",)
    assert finding.op == "TFText>RoundRobinTrim"
    assert "RoundRobinTrimmer" in finding.node
    assert finding.function
    assert "truncate='waterfall'" in finding.mend
    assert report.runs[0].answers == [None]
    assert report.runs[1].answers[0]["ids"][:, :4].tolist() == [
        [2, 5, 6, 3],
        [2, 3, 0, 0],
    ]


def test_a_grouped_convolution_needs_xla(archive):
    model = keras.Sequential(
        [keras.Input((8, 8, 4)), keras.layers.Conv2D(4, 3, groups=2)]
    )
    spec = tf.TensorSpec([None, 8, 8, 4], tf.float32, "x")

    report = check(archive(model, spec), releases=["2.20"])

    finding = only_error(report)
    assert (finding.kind, finding.releases) == ("needs-xla", ("2.20",))
    assert "conv2d" in finding.node
    assert "groups > 1" in finding.mend


def test_a_call_into_python_is_named(save):
    def through_python(x):
        return {"y": tf.ensure_shape(tf.numpy_function(np.sin, [x], x.dtype), x.shape)}

    finding = only_error(check(save(through_python), releases=["2.20"]))

    assert (finding.kind, finding.op) == ("python-call", "PyFunc")
    assert "tf.numpy_function" in finding.mend


def test_a_gpu_pin_of_the_graph_is_refused(tmp_path):
    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        x = v1.placeholder(tf.float32, [None, 4])
        with tf.device("/GPU:0"):
            y = tf.nn.relu(x, name="on_gpu")
        builder = v1.saved_model.Builder(str(tmp_path / "1"))
        signature = v1.saved_model.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph_and_variables(
            session, ["serve"], {"serving_default": signature}
        )
        builder.save()

    finding = only_error(check(tmp_path / "1", releases=["2.20"]))

    assert (finding.kind, finding.op, finding.node) == ("device-pin", "Relu", "on_gpu")
    assert "tf.device" in finding.mend


def test_a_gpu_pin_of_a_function_is_noted_but_runs(save):
    def pinned(x):
        with tf.device("/GPU:0"):
            return {"y": tf.nn.relu(x)}

    report = check(save(pinned), releases=["2.20"])

    (finding,) = report.findings
    assert (finding.kind, finding.op, finding.fatal) == ("device-pin", "Relu", False)
    assert report.passed
    assert report.runs[0].answers[0]["y"].shape == (1, 4)


def test_variables_that_a_session_does_not_find_are_told_with_the_way_out(save):
    module = tf.Module()
    module.model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    folder = save(lambda x: {"y": module.model(x)}, module=module)

    finding = only_error(check(folder, releases=SINCE_2_19))

    assert finding.releases == SINCE_2_19
    assert finding.op == "ReadVariableOp"
    assert "FAILED_PRECONDITION: Could not find variable" in finding.problem
    assert "keras.export.ExportArchive" in finding.mend


def test_a_scalar_output_is_named(save):
    finding = only_error(check(save(lambda x: {"y": tf.reduce_mean(x)})))

    assert finding.kind == "output-shape"
    assert "'y' of the signature 'serving_default' is a scalar" in finding.problem


def test_an_op_newer_than_the_release_is_named(save):
    def decode(x):
        def width(file):
            return tf.shape(tf.raw_ops.DecodeWebP(contents=file))[1]

        return {"y": tf.map_fn(width, x, fn_output_signature=tf.int32)}

    report = check(save(decode, TEXTS), releases=SINCE_2_19)

    finding = only_error(report)
    assert (finding.op, finding.releases) == ("DecodeWebP", ("2.19",))
    # An empty string is no picture, and the model may say so.
    assert "refused made-up rows, which may be right" in report.to_text()


def test_rows_that_come_out_in_another_number_are_an_error(save):
    folder = save(lambda x: {"y": tf.reshape(x, [-1, 2])})
    rows = {"serving_default": {"x": np.ones((3, 4), np.float32)}}

    finding = only_error(check(folder, releases=["2.20"], rows=rows))

    assert "'y' of the signature 'serving_default' had the shape (6, 2)" in str(finding)


def test_forests_are_in_the_server_but_are_not_run_here(save):
    folder = save(lambda x: {"y": tf.identity(x)})
    path = folder + "/saved_model.pb"
    with open(path, "rb") as file:
        saved_model = SavedModel.FromString(file.read())
    saved_model.meta_graphs[0].graph_def.node.add(
        name="forest", op="SimpleMLInferenceOp"
    )
    with open(path, "wb") as file:
        file.write(saved_model.SerializeToString())

    report = check(folder, releases=["2.20"])

    assert report.passed
    assert "nothing was run: SimpleMLInferenceOp" in report.to_text()


def test_the_report_is_json_too(save):
    report = json.loads(check(save(lambda x: {"y": x[0, 0]})).to_json())

    assert report["passed"] is False
    assert report["releases"]["2.14"] is False
    assert report["findings"][0]["kind"] == "output-shape"
    assert report["runs"][0]["tried"] == [
        "serving_default: 1 of 1 requests answered, from made-up rows"
    ]


def test_another_runtime_takes_the_place_of_the_installed_one(save, tmp_path):
    for package in ("tensorflow", "tensorflow_text"):
        folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
        (tmp_path / "runtime" / package).mkdir(parents=True)
        (tmp_path / "runtime" / package / "__init__.py").write_text("raise SystemExit")
        for path in folder.iterdir():
            if path.suffix == ".2" or path.name == "python":
                (tmp_path / "runtime" / package / path.name).symlink_to(path)
    folder = save(lambda x: {"y": x})

    runtimes = {"2.19": str(tmp_path / "runtime")}
    report = check(folder, releases=SINCE_2_19, runtimes=runtimes)

    assert report.passed
    assert report.runs[0].runtime == f"the runtime in {tmp_path / 'runtime'}"
    assert report.runs[0].answers[0]["y"].shape == (1, 4)


def test_another_runtime_must_be_for_a_release_that_is_checked(save):
    folder = save(lambda x: {"y": x})
    with pytest.raises(InputError, match=r"one of the releases checked, 2.20.*'2.14'"):
        check(folder, releases=["2.20"], runtimes={"2.14": "somewhere"})


def test_another_runtime_that_does_not_open_is_the_users_mistake(save, tmp_path):
    (tmp_path / "runtime/tensorflow").mkdir(parents=True)
    (tmp_path / "runtime/tensorflow/__init__.py").touch()
    with pytest.raises(InputError, match="must be wheels.*runtime, which do not open"):
        check(
            save(lambda x: {"y": x}),
            releases=["2.20"],
            runtimes={"2.20": str(tmp_path / "runtime")},
        )

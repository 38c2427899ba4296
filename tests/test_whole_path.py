"""From a manifest to a served prediction, by the command line alone."""

import json
import os
import runpy
import subprocess
import sys

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

import pipelines
from mmtf.cli import main
from mmtf.features import MODALITIES
from mmtf.run import open_run
from pipelines import schema

pytestmark = pytest.mark.large


def mmtf(*words):
    # With this set, TensorFlow is not kept quiet.
    env = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-m", "mmtf", *words]
    return subprocess.run(command, capture_output=True, text=True, env=env)


@pytest.fixture(scope="module")
def run(demo_data, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("runs") / "tiny")
    done = mmtf("train", demo_data, folder, "--preset", "tiny", "--train.epochs", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{folder}/model.keras\n"
    assert "Traceback" not in done.stderr
    assert "warning" not in done.stderr.lower()
    return folder


@pytest.fixture(scope="module")
def models(run, demo_data, tmp_path_factory):
    """Exported by the command line, with the temperature that evaluation fitted; other
    tests try every release and batch size."""
    assert mmtf("evaluate", run, demo_data).returncode == 0
    folder = str(tmp_path_factory.mktemp("models") / "demo")
    done = mmtf("export", run, folder, "--server", "2.20", "--batch-sizes", "1", "4")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{folder}/1\n"
    return folder


def test_training_and_evaluating_twice_gives_the_same_metrics(
    run, demo_data, tmp_path, capsys
):
    again = str(tmp_path / "again")
    words = ["--preset", "tiny", "--train.epochs", "2"]
    assert mmtf("train", demo_data, again, *words).returncode == 0
    metrics = []
    for folder in (run, again):
        assert main(["evaluate", folder, demo_data]) == 0
        with open(os.path.join(folder, "metrics.json")) as file:
            metrics.append(json.load(file))
    assert metrics[0] == metrics[1]
    assert set(metrics[0]) == {"validation", "test"}
    assert len(metrics[0]["test"]["subsets"]) == 7


def test_evaluate_shows_the_best_possible(run, demo_data, demo_corpus, capsys):
    oracle = f"{demo_corpus}/oracle.json"
    words = ["evaluate", run, demo_data, "--splits", "test", "--oracle", oracle]
    assert main(words) == 0
    assert "best possible" in capsys.readouterr().out


def test_data_with_other_labels_are_refused(run, demo_corpus, tmp_path, capsys):
    data = str(tmp_path / "data")
    words = ["--label", "intensity", "--task", "regression", "--processes", "1"]
    assert main(["build", f"{demo_corpus}/manifest.csv", data, *words]) == 0
    assert main(["evaluate", run, data]) == 2
    assert "must have the labels that RUN was trained on" in capsys.readouterr().err


def test_regression_by_another_column(demo_corpus, tmp_path):
    data, folder = str(tmp_path / "data"), str(tmp_path / "run")
    words = ["--label", "intensity", "--task", "regression", "--processes", "1"]
    assert main(["build", f"{demo_corpus}/manifest.csv", data, *words]) == 0
    done = mmtf("train", data, folder, "--preset", "tiny", "--train.virtual-devices=2")
    assert done.returncode == 0, done.stderr
    assert main(["evaluate", folder, data]) == 0
    with open(os.path.join(folder, "metrics.json")) as file:
        assert json.load(file)["test"]["mae"] > 0


def test_an_exported_run_answers_the_client(models, demo_corpus, capsys):
    from export.serve import start

    server = start(models, port=0)
    try:
        words = ["--text", "not bad", "--server", f"localhost:{server.port}", "--json"]
        image = os.path.join(
            demo_corpus, "images", os.listdir(f"{demo_corpus}/images")[0]
        )
        assert main(["predict", *words, "--image", image]) == 0
    finally:
        server.stop()
    answer = json.loads(capsys.readouterr().out)
    assert sum(answer["scores"].values()) == pytest.approx(1, abs=1e-4)
    assert answer["modality_weights"]["audio"] == 0
    assert sum(answer["modality_weights"].values()) == pytest.approx(1, abs=1e-4)


def test_served_answers_equal_predicted_ones_on_evaluation_rows(run, models, demo_data):
    """Through gRPC by the official stubs; then with one and two modalities absent."""
    from export.serve import start

    opened = open_run(run)
    tokenizer = pipelines.load_tokenizer(opened.path("tokenizer"))
    batches = pipelines.eval_dataset(
        demo_data, opened.config, tokenizer, split="test", batch_size=100
    )
    assert opened.temperature != 1
    (batch, _), rows = next(iter(batches)), raw_rows(demo_data, "test")
    server = start(models, port=0)
    try:
        for hidden in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]:
            seen = np.array([index not in hidden for index in range(3)])
            presence = batch["presence"].numpy() & seen
            logits = opened.model.predict({**batch, "presence": presence}, verbose=0)
            left = {
                key: rows[key] for key, kept in zip(rows, seen, strict=True) if kept
            }
            np.testing.assert_allclose(
                ask(server.port, left),
                tf.nn.softmax(logits / opened.temperature),
                atol=1e-4,
            )
    finally:
        server.stop()


def raw_rows(data, split):
    info = pipelines.read_info(data)
    records = tf.data.TFRecordDataset(list(info.splits[split].files)).batch(100)
    parsed = schema.parse(next(iter(records)), info.labels)
    return {key: parsed[key] for key in MODALITIES}


def ask(port, inputs):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "demo"
    for key, values in inputs.items():
        request.inputs[key].CopyFrom(tf.make_tensor_proto(values))
    with grpc.insecure_channel(f"localhost:{port}") as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        return tf.make_ndarray(stub.Predict(request, timeout=60).outputs["scores"])


def test_a_failed_start_leaves_the_earlier_run(run, demo_data):
    words = ["--overwrite", "--model.image.encoder", "resnet50"]
    words += ["--model.image.weights", "typo.weights.h5", "--model.image.size", "32"]
    done = mmtf("train", demo_data, run, "--preset", "tiny", *words)
    assert done.returncode == 2
    assert "typo.weights.h5" in done.stderr.splitlines()[-1]
    assert open_run(run).model.count_params() > 0


def test_evaluating_one_split_keeps_the_other(run, demo_data):
    for split in ("validation", "test"):
        assert main(["evaluate", run, demo_data, "--splits", split]) == 0
    with open(os.path.join(run, "metrics.json")) as file:
        assert set(json.load(file)) == {"validation", "test"}


def test_one_class_is_too_few(demo_corpus, tmp_path, capsys):
    manifest = tmp_path / "manifest.jsonl"
    rows = [{"id": str(i), "text": f"word {i}", "label": "same"} for i in range(40)]
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
    data, folder = str(tmp_path / "data"), str(tmp_path / "run")
    assert main(["build", str(manifest), data, "--processes", "1"]) == 0
    assert main(["train", data, folder, "--preset", "tiny"]) == 2
    assert "two classes or more. Received: same alone" in capsys.readouterr().err
    assert not os.path.exists(folder)


def test_the_example_script_saves_and_loads(demo_data, tmp_path, monkeypatch, capsys):
    out = str(tmp_path / "model.keras")
    monkeypatch.setattr(sys, "argv", ["train_script.py", demo_data, out])
    runpy.run_path("examples/train_script.py", run_name="__main__")
    assert "gives the same predictions" in capsys.readouterr().out

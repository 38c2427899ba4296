"""From a manifest to a served prediction, by the command line alone."""

import json
import os
import runpy
import subprocess
import sys

import pytest

from mmtf.cli import main

pytestmark = pytest.mark.large


def mmtf(*words):
    return subprocess.run(
        [sys.executable, "-m", "mmtf", *words], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def run(demo_data, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("runs") / "tiny")
    done = mmtf("train", demo_data, folder, "--preset", "tiny", "--train.epochs", "2")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
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


def test_an_exported_run_answers_the_client(run, demo_corpus, tmp_path, capsys):
    from export.serve import start

    models = str(tmp_path / "models" / "demo")
    assert main(["export", run, models]) == 0
    assert capsys.readouterr().out == f"{models}/1\n"
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


def test_the_example_script_saves_and_loads(demo_data, tmp_path, monkeypatch, capsys):
    out = str(tmp_path / "model.keras")
    monkeypatch.setattr(sys, "argv", ["train_script.py", demo_data, out])
    runpy.run_path("examples/train_script.py", run_name="__main__")
    assert "gives the same predictions" in capsys.readouterr().out

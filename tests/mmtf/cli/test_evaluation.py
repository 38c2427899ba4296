import json
import os
import shutil

import numpy as np
import pytest

import pipelines
from mmtf.cli import main
from mmtf.config import Labels
from mmtf.evaluation import Predictions, fit_temperature
from mmtf.run import Run, write_text
from tests.export.conftest import make_run

FULL = "text+image+audio"


pytestmark = pytest.mark.large


@pytest.fixture(scope="module")
def trained(demo_data, tmp_path_factory):
    """A run for the demo's labels, untrained, nothing evaluated."""
    labels = pipelines.read_info(demo_data).labels
    return make_run(tmp_path_factory.mktemp("runs") / "RUN", labels)


@pytest.fixture(scope="module")
def evaluated(trained, demo_data, tmp_path_factory):
    """The same, evaluated."""
    folder = str(tmp_path_factory.mktemp("runs") / "RUN")
    shutil.copytree(trained, folder)
    assert main(["evaluate", folder, demo_data]) == 0
    return Run(folder)


@pytest.fixture
def run(trained, tmp_path):
    return Run(str(shutil.copytree(trained, tmp_path / "RUN")))


def read(run, name="metrics.json"):
    with open(run.path(name)) as file:
        return json.load(file)


def test_an_evaluated_run_holds_all_that_was_found(evaluated, demo_data):
    metrics = read(evaluated)
    assert set(metrics) == {"validation", "test"}
    predictions = Predictions.load(evaluated.path("predictions/validation.npz"))
    rows = list(pipelines.read_rows(demo_data, "validation"))
    assert predictions.ids == tuple(row.id for row in rows)
    assert predictions.labels.tolist() == [row.label for row in rows]
    fitted = fit_temperature(predictions.labels, predictions.logits[FULL])
    assert read(evaluated, "calibration.json")["temperature"] == fitted
    assert metrics["test"]["calibration"]["temperature"] == fitted
    assert Run(evaluated.folder).temperature == fitted


def test_an_evaluated_run_has_a_report(evaluated):
    with open(evaluated.path("report.html"), encoding="utf-8") as file:
        assert f"{read(evaluated)['test']['accuracy']:.3f}" in file.read()


def test_one_split_again_keeps_temperature_and_the_other(
    evaluated, demo_data, tmp_path, capsys
):
    run = Run(str(shutil.copytree(evaluated.folder, tmp_path / "RUN")))
    words = ["evaluate", run.folder, demo_data, "--splits", "test", "--json"]
    assert main(words) == 0
    assert read(run) == read(evaluated)
    assert json.loads(capsys.readouterr().out) == {"test": read(run)["test"]}


def test_figures_of_another_temperature_do_not_stay(run, demo_data, capsys):
    assert main(["evaluate", run.folder, demo_data, "--splits", "test"]) == 0
    assert read(run)["test"]["calibration"]["temperature"] == 1.0
    words = ["evaluate", run.folder, demo_data, "--splits", "validation"]
    assert main(words) == 0
    assert set(read(run)) == {"validation"}


def test_all_seeds_are_measured_and_summarised(run, demo_data, capsys):
    for seed in ("1", "2", "10"):
        shutil.copytree(run.folder, f"{run.folder}-seeds/{seed}")
    os.rename(f"{run.folder}-seeds", run.path("seeds"))
    assert main(["evaluate", run.folder, demo_data, "--splits", "test"]) == 0
    assert "test, 3 seeds" in capsys.readouterr().out
    of_seed = read(Run(run.path("seeds/10")))["test"]["accuracy"]
    summary = read(run)["seeds"]["test"]
    assert summary["accuracy"] == {
        "mean": pytest.approx(of_seed), "std": 0.0, "values": [of_seed] * 3,
    }  # fmt: skip
    assert set(summary["subsets"]) == set(read(run)["test"]["subsets"])


def test_what_is_known_of_the_best_seed_is_known_of_its_copy(run, demo_data):
    for seed in ("1", "2"):
        shutil.copytree(run.folder, f"{run.folder}-seeds/{seed}")
        write_text(f"{run.folder}-seeds/{seed}/training.json", record(float(seed)))
    write_text(run.path("training.json"), record(2.0))
    os.rename(f"{run.folder}-seeds", run.path("seeds"))
    assert main(["evaluate", run.folder, demo_data, "--splits", "validation"]) == 0
    of_best = Run(run.path("seeds/2"))
    for name in ("predictions/validation.npz", "calibration.json"):
        assert os.path.samefile(run.path(name), of_best.path(name))
    assert read(run)["validation"] == read(of_best)["validation"]
    assert "seeds" not in read(of_best)


def record(validation_loss):
    figures = {"seconds": 1.0, "epochs": 1, "parameters": 1}
    return json.dumps({"data": "", "validation_loss": validation_loss, **figures})


def test_another_temperature_ends_what_was_known_of_robustness(run, demo_data):
    curves = {"split": "train", "seed": 0, "examples": 1, "dropped": {}, "noise": {}}
    write_text(run.path("robustness.json"), json.dumps(curves))
    words = ["evaluate", run.folder, demo_data, "--splits"]
    assert main([*words, "test"]) == 0
    assert os.path.exists(run.path("robustness.json"))
    assert main([*words, "validation"]) == 0
    assert not os.path.exists(run.path("robustness.json"))


def test_sentiment_is_for_numbers(run, demo_data, capsys):
    assert main(["evaluate", run.folder, demo_data, "--sentiment"]) == 2
    assert "`--sentiment` must go with numbers" in capsys.readouterr().err


def test_numbers_have_no_temperature(demo_corpus, tmp_path, capsys):
    data = str(tmp_path / "data")
    words = ["--label", "intensity", "--task", "regression", "--processes", "1"]
    assert main(["build", f"{demo_corpus}/manifest.csv", data, *words]) == 0
    run = Run(make_run(tmp_path / "RUN", Labels(task="regression")))
    assert main(["evaluate", run.folder, data, "--sentiment"]) == 0
    out = capsys.readouterr().out
    assert "acc-7" in out
    assert "of mean absolute error" in out
    assert not os.path.exists(run.path("calibration.json"))
    assert "calibration" not in read(run)["test"]


def test_unknown_splits_are_told_of(run, demo_data, capsys):
    assert main(["evaluate", run.folder, demo_data, "--splits", "holdout"]) == 2
    assert "Received: holdout. DATA has test, train" in capsys.readouterr().err


def test_a_wrong_oracle_is_told_of(run, demo_data, capsys):
    words = ["evaluate", run.folder, demo_data, "--oracle", "nowhere.json"]
    assert main(words) == 2
    assert "`--oracle` must be the oracle.json" in capsys.readouterr().err


def test_rows_are_measured_whatever_the_batch(run, demo_data):
    logits = []
    for size in ("3", "32"):
        words = ["evaluate", run.folder, demo_data, "--splits", "test"]
        assert main([*words, "--batch-size", size]) == 0
        logits.append(Predictions.load(run.path("predictions/test.npz")).logits[FULL])
    np.testing.assert_allclose(*logits, atol=1e-5)

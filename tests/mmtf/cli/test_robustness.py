import dataclasses
import json
import shutil

import numpy as np
import pytest

from mmtf.cli import main
from mmtf.evaluation.predictions import NONE, Predictions
from mmtf.features import SUBSETS, subset_name
from pipelines.corruption import CORRUPTIONS
from pipelines.info import read_info
from tests.export.conftest import make_run


@pytest.fixture(scope="module")
def run(demo_data, tmp_path_factory):
    """A run with the demo's labels, its test split evaluated."""
    labels = read_info(demo_data).labels
    folder = make_run(tmp_path_factory.mktemp("robustness") / "RUN", labels)
    assert main(["evaluate", folder, demo_data, "--splits", "test"]) == 0
    return folder


@pytest.fixture
def measure(run, demo_data, monkeypatch, capsys):
    """The verb, with two corruptions at their worst: each level takes a second."""
    few = [
        dataclasses.replace(corruption, levels=corruption.levels[-1:])
        for corruption in CORRUPTIONS
        if corruption.name in ("typos", "white noise")
    ]
    monkeypatch.setattr("pipelines.corruption.CORRUPTIONS", tuple(few))

    def call(*words):
        capsys.readouterr()
        assert main(["robustness", run, demo_data, *words]) == 0
        return capsys.readouterr().out

    return call


@pytest.mark.large
def test_it_is_printed_and_written_and_starts_from_what_was_evaluated(run, measure):
    report = json.loads(measure("--json"))
    with open(f"{run}/robustness.json", encoding="utf-8") as file:
        assert json.load(file) == report
    assert (report["split"], report["seed"]) == ("test", 0)
    assert list(report["dropped"]) == ["text", "image", "audio", "all"]
    assert list(report["noise"]) == ["typos", "white noise"]
    with open(f"{run}/metrics.json", encoding="utf-8") as file:
        metrics = json.load(file)["test"]
    assert report["examples"] == metrics["examples"]
    typos = report["noise"]["typos"]["clean"]
    for metric in ("accuracy", "loss"):
        whole, text = metrics[metric], metrics["subsets"]["text"][metric]
        assert report["dropped"]["all"][0][metric] == pytest.approx(whole)
        assert typos[metric] == pytest.approx(whole, abs=1e-5)
        assert typos["alone"][metric] == pytest.approx(text, abs=1e-5)


@pytest.mark.large
def test_the_seed_decides(measure):
    first = json.loads(measure("--json"))
    assert json.loads(measure("--json")) == first
    other = json.loads(measure("--json", "--seed", "1"))
    assert other["dropped"] != first["dropped"]
    assert other["noise"] != first["noise"]


@pytest.mark.large
def test_it_is_a_table_to_people(measure):
    shown = measure()
    assert shown.startswith("Accuracy on test")
    assert "audio white noise, dB SNR" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--split", "train"], "no predictions/train.npz. Run `mmtf evaluate"),
        (["--split", "train"], "--splits validation train` first"),
        (["--split", "validation"], "--splits validation` first"),
        (["--seed", "-1"], "`--seed` must be from 0 to 2**32 - 1. Received: -1"),
    ],
)
def test_a_mistake_is_one_sentence(run_folder, demo_data, words, message, capsys):
    assert main(["robustness", run_folder, demo_data, *words]) == 2
    error = capsys.readouterr().err
    assert message in error and error.startswith("mmtf: ")


def test_other_data_than_were_evaluated_are_refused(
    run_folder, demo_data, tmp_path, capsys
):
    run = shutil.copytree(run_folder, tmp_path / "RUN")
    names = (*map(subset_name, SUBSETS), NONE)
    Predictions(
        labels=np.zeros(2, int),
        logits={name: np.zeros((2, 4), "float32") for name in names},
        presence=np.ones((2, 3), bool),
        modality_weights=np.full((2, 3), 1 / 3, "float32"),
        ids=("a", "b"),
    ).save(str(run / "predictions/test.npz"))
    assert main(["robustness", str(run), demo_data]) == 2
    assert "DATA must be what RUN was evaluated on" in capsys.readouterr().err

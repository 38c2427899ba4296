import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

import pipelines
from mmtf.cli import main
from mmtf.evaluation import Predictions, evaluate
from mmtf.run import Run
from tests.export.conftest import make_run
from tests.mmtf.report.made import made_predictions
from tests.mmtf.report.read_page import Page


@pytest.fixture(scope="module")
def measured(demo_data, tmp_path_factory):
    """A run for the demo's labels, with answers made up for its test rows."""
    labels = pipelines.read_info(demo_data).labels
    run = Run(make_run(tmp_path_factory.mktemp("runs") / "RUN", labels))
    measure(run, demo_data)
    return run.folder


def measure(run, data, seed=0):
    rows = list(pipelines.read_rows(data, "test"))
    truth = np.array([row.label for row in rows])
    labels = run.config.labels
    predictions = made_predictions(truth, labels.num_outputs, seed, strength=0.0)
    predictions = replace(predictions, ids=tuple(row.id for row in rows))
    predictions.save(run.path("predictions/test.npz"))
    with open(run.path("metrics.json"), "w") as file:
        json.dump({"test": evaluate(predictions, labels)}, file)


@pytest.fixture
def run(measured, tmp_path):
    return str(shutil.copytree(measured, tmp_path / "RUN"))


def test_report_shows_the_rows_of_the_errors(run, demo_data, capsys):
    assert main(["report", run, demo_data]) == 0
    path = capsys.readouterr().out.strip()
    assert path == os.path.join(run, "report.html")
    with open(path, encoding="utf-8") as file:
        page = Page(file.read())
    assert not page.faults
    assert page.of("article")
    texts = [row.text for row in pipelines.read_rows(demo_data, "test") if row.text]
    assert any(text in page.text for text in texts)


def test_report_of_a_run_that_was_not_measured(run, demo_data):
    os.remove(os.path.join(run, "metrics.json"))
    shutil.rmtree(os.path.join(run, "predictions"))
    assert main(["report", run, demo_data]) == 0
    with open(os.path.join(run, "report.html"), encoding="utf-8") as file:
        assert "was not measured yet" in file.read()


def test_a_split_that_is_not_there_is_refused(run, demo_data, capsys):
    assert main(["report", run, demo_data, "--split", "dev"]) == 2
    assert "DATA must have the 'dev' split" in capsys.readouterr().err


def test_other_rows_than_those_measured_are_refused(run, demo_data, capsys):
    path = os.path.join(run, "predictions", "test.npz")
    predictions = Predictions.load(path)
    renamed = tuple(f"other {name}" for name in predictions.ids)
    replace(predictions, ids=renamed).save(path)
    assert main(["report", run, demo_data]) == 2
    assert "whose test split has other rows" in capsys.readouterr().err
    made_predictions(predictions.labels[1:], 3).save(path)
    assert main(["report", run, demo_data]) == 2
    assert "whose test split has other rows" in capsys.readouterr().err


def test_compare_prints_json_and_writes_a_page(
    run, measured, demo_data, tmp_path, capsys
):
    measure(Run(run), demo_data, seed=1)
    page = str(tmp_path / "page.html")
    assert main(["compare", measured, run, "--html", page, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    names = [each["name"] for each in found["runs"]]
    assert names == ["/".join(folder.split("/")[-2:]) for folder in (measured, run)]
    assert "p_mcnemar" in found["against_first"][0]
    with open(page, encoding="utf-8") as file:
        assert not Page(file.read()).faults


def test_compare_prints_a_table(run, measured, capsys):
    assert main(["compare", measured, run]) == 0
    assert "Their options are the same." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Two runs or more can be compared"),
        (["{run}"], "Each run must be named once"),
        (["nowhere"], "RUN must be a folder written by `mmtf train`"),
    ],
)
def test_mistakes_are_told(words, message, run, capsys):
    words = [word.format(run=run) for word in words]
    assert main(["compare", run, *words]) == 2
    assert message in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_told(run, measured, capsys):
    assert main(["compare", measured, run, "--html", "/nowhere/page.html"]) == 2
    assert "`--html` must be a file in a folder that exists" in capsys.readouterr().err

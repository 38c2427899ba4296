import json
from dataclasses import replace

import numpy as np
import pytest

from mmtf.errors import InputError
from mmtf.report.evidence import read_evidence
from mmtf.run import Run
from tests.mmtf.report.made import made_evidence


@pytest.fixture
def run(tmp_path):
    evidence = made_evidence()
    run = Run(str(tmp_path / "RUN"))
    (tmp_path / "RUN").mkdir()
    (tmp_path / "RUN" / "config.json").write_text(evidence.config.to_json())
    return run


def write(run, name, value):
    with open(run.path(name), "w") as file:
        json.dump(value, file)


def test_what_is_missing_is_none(run):
    evidence = read_evidence(run)
    assert (evidence.name, evidence.split, evidence.temperature) == ("RUN", "test", 1)
    for part in ("figures", "seeds", "predictions", "history", "robustness"):
        assert getattr(evidence, part) is None
    assert not evidence.is_calibrated


def test_all_that_was_measured_is_read(run):
    made = made_evidence()
    made.predictions.save(run.path("predictions/test.npz"))
    write(run, "metrics.json", {"test": made.figures, "seeds": {"test": {"f1": 1}}})
    write(run, "calibration.json", {"temperature": 1.25})
    write(run, "robustness.json", made.robustness)
    evidence = read_evidence(run)
    assert evidence.figures == made.figures
    assert evidence.seeds == {"f1": 1}
    assert evidence.is_calibrated and evidence.temperature == 1.25
    assert evidence.robustness == made.robustness
    np.testing.assert_array_equal(evidence.scores(), made.scores())


def test_without_a_test_split_the_last_measured_is_shown(run):
    write(run, "metrics.json", {"train": {}, "validation": {}, "seeds": {}})
    assert read_evidence(run).split == "validation"
    assert read_evidence(run, "train").split == "train"


def test_robustness_of_another_split_is_not_shown(run):
    write(run, "robustness.json", {"split": "validation"})
    assert read_evidence(run).robustness is None


def test_epochs_that_were_no_number_are_none(run):
    with open(run.path("history.csv"), "w") as file:
        file.write("epoch,loss,val_loss\n0,1.5,nan\n1,inf,\n")
    history = read_evidence(run).history
    assert history == {"epoch": [0, 1], "loss": [1.5, None], "val_loss": [None, None]}


@pytest.mark.parametrize("name", ["metrics.json", "predictions/test.npz"])
def test_a_damaged_file_is_named(run, name, tmp_path):
    (tmp_path / "RUN" / "predictions").mkdir()
    (tmp_path / "RUN" / name).write_bytes(b"{")
    with pytest.raises(InputError, match=f"as mmtf wrote it. Received: .*{name}"):
        read_evidence(run)


def test_scores_are_divided_by_the_temperature():
    evidence = made_evidence(rows=2)
    logits = evidence.predictions.logits["text"].astype("float64")
    expected = np.exp(logits / 1.25) / np.exp(logits / 1.25).sum(-1, keepdims=True)
    np.testing.assert_allclose(evidence.scores("text"), expected)
    hotter = replace(evidence, temperature=2.5).scores("text")
    assert (hotter.max(-1) < evidence.scores("text").max(-1)).all()


def test_values_are_the_outputs():
    evidence = made_evidence("regression", rows=3)
    outputs = evidence.predictions.logits["text+image+audio"]
    np.testing.assert_array_equal(evidence.values(), outputs[:, 0])

import dataclasses

import pytest

from mmtf import presets
from mmtf.errors import InputError
from mmtf.run import Run, start_run
from mmtf.training_record import TrainingRecord, is_finished, read_record
from tests.mmtf.run_files import finished_run

CONFIG = presets.tiny()


def test_a_record_is_read_back(tmp_path):
    run = finished_run(tmp_path / "run", CONFIG, validation_loss=0.25)
    expected = {"seconds": 2.5, "epochs": 3, "validation_loss": 0.25, "parameters": 7}
    assert read_record(run) == TrainingRecord(data="data", **expected)
    start_run(run, CONFIG)
    assert read_record(run) is None


def test_a_training_is_finished_once_it_is_recorded(tmp_path):
    run = Run(str(tmp_path / "run"))
    assert not is_finished(run, CONFIG, data="data")
    start_run(run, CONFIG)
    assert not is_finished(Run(run.folder), CONFIG, data="data")
    assert is_finished(finished_run(tmp_path / "run", CONFIG), CONFIG, data="data")


def test_another_training_is_refused(tmp_path):
    train = dataclasses.replace(CONFIG.train, epochs=7)
    other = dataclasses.replace(CONFIG, train=train)
    run = finished_run(tmp_path / "run", CONFIG)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").touch()
    for changed, config, data in [
        (run, other, "data"),
        (run, CONFIG, "other data"),
        (Run(str(tmp_path / "notes")), CONFIG, "data"),
    ]:
        with pytest.raises(InputError, match="same configuration.*which differs.*--ov"):
            is_finished(changed, config, data=data)

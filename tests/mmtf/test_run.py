import os

import pytest

from mmtf import presets
from mmtf.errors import InputError
from mmtf.run import check_free, open_run, start_run, write_text


def started(folder, config=None):
    run = check_free(str(folder), overwrite=True)
    start_run(run, config or presets.tiny())
    return run


def finish(run):
    os.mkdir(run.path("tokenizer"))
    for name in ("model.keras", "tokenizer/tokenizer.json"):
        open(run.path(name), "w").close()


def open_run_again(run):
    return type(run)(run.folder)


def test_a_started_run_gives_its_config_back(tmp_path):
    run = started(tmp_path / "run")
    finish(run)
    assert open_run(run.folder).config == presets.tiny()


def test_a_folder_with_files_is_not_taken(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="empty folder.*pass --overwrite"):
        check_free(str(tmp_path))


def test_checking_touches_nothing_and_starting_clears_what_is_stale(tmp_path):
    run = started(tmp_path)
    finish(run)
    (tmp_path / "logs").mkdir()
    (tmp_path / "seeds" / "1").mkdir(parents=True)
    (tmp_path / "training.json").touch()
    check_free(str(tmp_path), overwrite=True)
    assert (tmp_path / "model.keras").exists()
    start_run(run, presets.tiny())
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


def test_the_temperature_is_one_until_it_is_fitted(tmp_path):
    run = started(tmp_path)
    assert run.temperature == 1.0
    write_text(run.path("calibration.json"), '{"temperature": 1.5}')
    assert open_run_again(run).temperature == 1.5
    start_run(run, presets.tiny())
    assert open_run_again(run).temperature == 1.0


@pytest.mark.parametrize("folder", ["file", "gs://bucket/run"])
def test_a_run_is_a_folder_of_this_machine(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=f"folder of this machine.*{folder}"):
        check_free(folder)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    run = check_free(str(tmp_path / "file" / "run"))
    with pytest.raises(InputError, match="can be written to.*Not a directory"):
        start_run(run, presets.tiny())


@pytest.mark.parametrize("name", ["model.keras", "tokenizer/tokenizer.json"])
def test_a_folder_without_all_its_files_is_no_run(tmp_path, name):
    run = started(tmp_path)
    finish(run)
    os.remove(run.path(name))
    with pytest.raises(InputError, match=f"written by `mmtf train`.*no {name}"):
        open_run(str(tmp_path))


def test_text_is_written_aside_and_renamed(tmp_path):
    path = tmp_path / "metrics.json"
    path.write_text("old")
    write_text(str(path), "new")
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["metrics.json"]

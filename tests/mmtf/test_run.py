import os

import pytest

from mmtf import presets
from mmtf.errors import InputError
from mmtf.run import create_run, open_run, write_text


def test_a_created_run_gives_its_config_back(tmp_path):
    folder = str(tmp_path / "run")
    create_run(folder, presets.tiny())
    open(os.path.join(folder, "model.keras"), "w").close()
    assert open_run(folder).config == presets.tiny()


def test_a_folder_with_files_is_not_taken(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="empty folder.*pass --overwrite"):
        create_run(str(tmp_path), presets.tiny())


def test_overwriting_removes_what_would_be_stale(tmp_path):
    (tmp_path / "metrics.json").write_text("{}")
    create_run(str(tmp_path), presets.tiny(), overwrite=True)
    assert not (tmp_path / "metrics.json").exists()


def test_a_folder_without_a_model_is_no_run(tmp_path):
    create_run(str(tmp_path), presets.tiny())
    with pytest.raises(InputError, match="written by `mmtf train`.*no model.keras"):
        open_run(str(tmp_path))


def test_text_is_written_aside_and_renamed(tmp_path):
    path = tmp_path / "metrics.json"
    path.write_text("old")
    write_text(str(path), "new")
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["metrics.json"]

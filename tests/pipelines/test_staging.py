import os

import pytest
import tensorflow as tf

from mmtf.errors import InputError
from pipelines.staging import check_free, publish, resolve, scratch_beside


def write(folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(name)
    return str(folder)


def test_a_new_or_empty_folder_is_free(tmp_path):
    check_free(str(tmp_path / "new"), overwrite=False)
    check_free(str(tmp_path), overwrite=False)


def test_an_earlier_build_is_free_for_overwriting_only(tmp_path):
    data = write(tmp_path / "data", "build_report.json")
    check_free(data, overwrite=True)
    with pytest.raises(InputError, match="an earlier build wrote. Use .*--overwrite"):
        check_free(data, overwrite=False)


@pytest.mark.parametrize("overwrite", [False, True])
def test_other_files_are_never_overwritten(tmp_path, overwrite):
    data = write(tmp_path / "data", "thesis.tex")
    with pytest.raises(InputError, match="which holds other files"):
        check_free(data, overwrite=overwrite)
    with pytest.raises(InputError, match="must be a folder. Received: .* a file"):
        check_free(os.path.join(data, "thesis.tex"), overwrite=overwrite)


def test_scratch_is_beside_and_gone_whatever_happens(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        scratch_beside(str(tmp_path / "data")) as scratch,
    ):
        assert os.path.dirname(scratch) == str(tmp_path)
        assert os.path.isdir(scratch)
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("before", ["nothing", "an empty folder", "a build"])
def test_publishing(tmp_path, before):
    data = tmp_path / "data"
    if before != "nothing":
        data.mkdir()
    if before == "a build":
        write(data, "build_report.json")
    with scratch_beside(str(data)) as scratch:
        source = write(tmp_path / os.path.basename(scratch) / "source", "new.txt")
        publish(source, str(data), scratch=scratch, overwrite=True)
    assert os.listdir(tmp_path) == ["data"]
    assert os.listdir(data) == ["new.txt"]


def test_a_failed_rename_leaves_the_old_folder(tmp_path):
    data = write(tmp_path / "data", "build_report.json")
    with pytest.raises(tf.errors.NotFoundError), scratch_beside(data) as scratch:
        none = os.path.join(scratch, "none")
        publish(none, data, scratch=scratch, overwrite=True)
    assert os.listdir(tmp_path) == ["data"]
    assert os.listdir(data) == ["build_report.json"]


def test_what_came_in_the_meantime_is_not_replaced(tmp_path):
    data = str(tmp_path / "data")
    with scratch_beside(data) as scratch:
        source = write(tmp_path / os.path.basename(scratch) / "source", "new.txt")
        write(tmp_path / "data", "build_report.json")
        with pytest.raises(InputError, match="an earlier build wrote"):
            publish(source, data, scratch=scratch, overwrite=False)
    assert os.listdir(data) == ["build_report.json"]


def test_no_place_to_write_is_an_error(tmp_path):
    data = os.path.join(write(tmp_path, "file"), "file", "data")
    with (
        pytest.raises(InputError, match="where files can be written. Received"),
        scratch_beside(data),
    ):
        pass


def test_resolving(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    assert resolve("link/") == str(tmp_path.resolve() / "real")
    assert resolve("gs://bucket/data/") == "gs://bucket/data"

import os

import pytest

from export.versions import draft_folder, list_versions, publish
from mmtf.errors import InputError


def make_folders(parent, *names):
    for name in names:
        (parent / name).mkdir()


def write_draft(folder):
    with draft_folder(str(folder)) as draft:
        with open(os.path.join(draft, "saved_model.pb"), "wb") as file:
            file.write(b"graph")
        return publish(draft, str(folder))


def test_versions_are_the_folders_whose_names_are_numbers(tmp_path):
    make_folders(tmp_path, "10", "9", "v3", "-4", "٣", ".tmp-1")
    (tmp_path / "11").write_text("a file")

    versions = list_versions(str(tmp_path))

    assert list(versions.items()) == [
        (9, str(tmp_path / "9")),
        (10, str(tmp_path / "10")),
    ]


def test_a_missing_folder_has_no_versions(tmp_path):
    assert list_versions(str(tmp_path / "missing")) == {}


def test_the_first_version_is_1_and_readable(tmp_path):
    version = write_draft(tmp_path / "models" / "name")

    assert version == str(tmp_path / "models" / "name" / "1")
    assert os.listdir(version) == ["saved_model.pb"]
    assert os.stat(version).st_mode & 0o777 == 0o777 & ~current_umask()


def current_umask():
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_the_next_version_follows_the_highest(tmp_path):
    make_folders(tmp_path, "2", "00123")

    assert write_draft(tmp_path) == str(tmp_path / "124")


def test_a_number_taken_meanwhile_is_passed_over(tmp_path, monkeypatch):
    make_folders(tmp_path, "1", "2")
    (tmp_path / "2" / "saved_model.pb").write_text("another export")
    (tmp_path / "3").write_text("a file")
    monkeypatch.setattr("export.versions.list_versions", lambda _: {1: "1"})

    assert write_draft(tmp_path) == str(tmp_path / "4")
    assert (tmp_path / "2" / "saved_model.pb").read_text() == "another export"


def test_a_failed_draft_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), draft_folder(str(tmp_path)):
        assert list_versions(str(tmp_path)) == {}
        assert len(os.listdir(tmp_path)) == 1
        raise KeyboardInterrupt

    assert os.listdir(tmp_path) == []


def test_drafts_of_killed_exports_are_removed_when_old(tmp_path):
    make_folders(tmp_path, ".tmp-killed", ".tmp-running")
    os.utime(tmp_path / ".tmp-killed", (0, 0))

    with draft_folder(str(tmp_path)):
        pass

    assert os.listdir(tmp_path) == [".tmp-running"]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    message = "MODELS/NAME must be a folder .*file' .Not a directory"

    with pytest.raises(InputError, match=message), draft_folder(str(tmp_path / "file")):
        pass

import os

import pytest

from mmtf import presets
from mmtf.run import Run, start_run, write_text
from mmtf.run_copy import copy_run
from tests.mmtf.run_files import finished_run

CONFIG = presets.tiny()


def contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def refuse(source, target):
    raise OSError("no links here")


@pytest.mark.parametrize("links", [True, False])
def test_a_copy_holds_the_training_and_nothing_else(tmp_path, monkeypatch, links):
    source, target = tmp_path / "best", tmp_path / "run"
    finished_run(source, CONFIG)
    write_text(str(source / "metrics.json"), "{}")
    finished_run(target, CONFIG)
    write_text(str(target / "report.html"), "stale")
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    for _ in range(2):
        copy_run(Run(str(source)), Run(str(target)))
        expected = contents(source)
        del expected["metrics.json"]
        assert contents(target) == expected
    assert os.path.samefile(source / "model.keras", target / "model.keras") == links


def test_a_new_training_leaves_what_was_copied(tmp_path):
    finished_run(tmp_path / "run" / "seeds" / "1", CONFIG)
    target = Run(str(tmp_path / "run"))
    copy_run(Run(target.path("seeds/1")), target)
    before = contents(tmp_path / "run" / "seeds" / "1")
    finished_run(tmp_path / "other", CONFIG)
    copy_run(Run(str(tmp_path / "other")), target)
    assert contents(tmp_path / "run" / "seeds" / "1") == before
    start_run(target, CONFIG)
    assert os.listdir(target.folder) == ["config.json"]

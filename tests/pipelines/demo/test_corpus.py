import csv
import json
import subprocess
import sys

import pytest
import soundfile
from PIL import Image

from mmtf.errors import InputError
from pipelines.demo import corpus, draw_rows, write_demo
from pipelines.demo.oracle import oracle_record


def contents(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def manifest(folder):
    with open(folder / "manifest.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "made" / "demo"
    write_demo(str(out), rows=60, seed=3)
    return out


def test_manifest_says_what_was_drawn(demo):
    for row, cells in zip(draw_rows(60, 3), manifest(demo), strict=True):
        assert list(cells) == list(corpus.COLUMNS)
        assert {m for m in ("text", "image", "audio") if cells[m]} == set(row.shown)
        assert (cells["id"], cells["label"]) == (row.id, row.label)
        assert (float(cells["intensity"]), cells["split"]) == (row.intensity, row.split)


def test_media_of_the_manifest_are_all_and_can_be_read(demo):
    rows = manifest(demo)
    images = {row["image"] for row in rows} - {""}
    audio = {row["audio"] for row in rows} - {""}
    assert set(contents(demo)) == images | audio | {"manifest.csv", "oracle.json"}
    for path in images:
        assert Image.open(demo / path).format == "JPEG"
    for path in audio:
        info = soundfile.info(demo / path)
        assert (info.format, info.subtype) == ("WAV", "PCM_16")
        assert (info.samplerate, info.channels) == (16000, 1)


def test_oracle_file(demo):
    record = json.loads((demo / "oracle.json").read_text())
    assert record == {"generator": 1, "rows": 60, "seed": 3} | oracle_record()


def test_summary(demo):
    summary = write_demo(str(demo), rows=60, seed=3)
    assert summary.rows_of_split == {"train": 42, "validation": 9, "test": 9}
    assert summary.rows_with["text"] == sum(bool(r["text"]) for r in manifest(demo))
    assert summary.oracle_accuracy == oracle_record()["accuracy"]


def test_same_seed_same_bytes(demo, tmp_path):
    write_demo(str(tmp_path / "again"), rows=60, seed=3)
    assert contents(tmp_path / "again") == contents(demo)


def test_media_differ_from_row_to_row(demo):
    files = contents(demo)
    assert len(set(files.values())) == len(files)


def test_nothing_to_do_when_it_is_there(demo):
    def never(rows):
        raise AssertionError("rows were rendered again")

    write_demo(str(demo), rows=60, seed=3, progress=never)


def test_another_demo_is_not_overwritten(demo):
    before = contents(demo)
    with pytest.raises(InputError, match=r"holds \{.*'seed': 3\}; asked.*'seed': 4\}"):
        write_demo(str(demo), rows=60, seed=4)
    assert contents(demo) == before


@pytest.mark.parametrize("content", ["a user's file", "{}", "[1]"])
def test_a_folder_of_other_files_is_not_touched(content, tmp_path):
    (tmp_path / "oracle.json").write_text(content)
    with pytest.raises(InputError, match="which holds other files"):
        write_demo(str(tmp_path), rows=20)
    assert contents(tmp_path) == {"oracle.json": content.encode()}


def test_an_empty_folder_is_filled(tmp_path):
    write_demo(str(tmp_path), rows=20, progress=tuple)
    assert len(manifest(tmp_path)) == 20


def test_a_failure_leaves_nothing(tmp_path):
    def failing(rows):
        yield rows[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(str(tmp_path / "demo"), rows=20, progress=failing)
    assert list(tmp_path.iterdir()) == []


def test_import_is_light():
    code = "import sys, pipelines.demo; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

import csv
import json
import os

import pytest

from export.client.scores import open_scores
from mmtf.errors import InputError

CLASSIFIED = {
    "id": "a,\n1",
    "scores": {"no": 0.25, "id": 0.75},
    "modality_weights": {"text": 1.0, "image": 0.0, "audio": 0.0},
    "left_out": {"image": "a damaged image", "audio": "not a file"},
}
FAILED = {"id": "2", "error": "no such file"}


def write(path, rows):
    with open_scores(str(path)) as write:
        for row in rows:
            write(row)
    return path


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_json_lines_hold_the_rows_as_they_are(tmp_path):
    path = write(tmp_path / "out.jsonl", [CLASSIFIED, FAILED])

    with open(path, encoding="utf-8") as file:
        assert [json.loads(line) for line in file] == [CLASSIFIED, FAILED]


def test_csv_has_a_column_for_each_class_and_modality(tmp_path):
    # The first row with scores may be far behind.
    failed, classified = read_csv(write(tmp_path / "out.csv", [FAILED, CLASSIFIED]))

    assert list(classified) == [
        "id", "class", "score_no", "score_id", "weight_text", "weight_image",
        "weight_audio", "left_out", "error",
    ]  # fmt: skip
    assert list(classified.values()) == [
        "a,\n1", "id", "0.25", "0.75", "1.0", "0.0", "0.0",
        "image: a damaged image; audio: not a file", "",
    ]  # fmt: skip
    assert failed == {**dict.fromkeys(classified, ""), **FAILED}


def test_csv_of_a_regression_with_presence(tmp_path):
    row = {"id": "ä", "value": 1.5, "presence": {"text": True, "image": False}}
    (line,) = read_csv(write(tmp_path / "out.csv", [row]))

    assert line == {
        "id": "ä", "value": "1.5", "presence_text": "True", "presence_image": "False",
        "left_out": "", "error": "",
    }  # fmt: skip


def test_no_rows_are_a_header(tmp_path):
    assert write(tmp_path / "out.csv", []).read_text() == "left_out,error\n"


def test_the_file_appears_when_all_is_written(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with open_scores(str(path)) as write:
        write(FAILED)
        assert path.read_text() == "old"

    assert path.read_text() != "old"
    assert os.listdir(tmp_path) == ["out.csv"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~os.umask(os.umask(0o22))


def test_after_an_error_all_is_as_it_was(tmp_path):
    path = tmp_path / "out.jsonl"
    with pytest.raises(KeyError), open_scores(str(path)) as write:
        write(FAILED)
        raise KeyError

    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["out.txt", "out", "folder.csv"])
def test_a_file_that_cannot_be_one_of_scores_is_refused(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=f"ends in .csv or .jsonl. .*{name}'"):
        write(tmp_path / name, [])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="written to. .*none/out.csv' .No such file"):
        write(tmp_path / "none" / "out.csv", [])

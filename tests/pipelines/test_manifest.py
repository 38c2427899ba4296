import json

import pyarrow
import pytest
from pyarrow import parquet

from mmtf.errors import InputError
from pipelines.manifest import BadRow, Row, read_manifest


def read_csv(tmp_path, text, **options):
    path = tmp_path / "m.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return list(read_manifest(str(path), **options))


def read_jsonl(tmp_path, *rows, **options):
    path = tmp_path / "m.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(read_manifest(str(path), **options))


def row(index, **cells):
    absent = dict.fromkeys(("text", "image", "audio", "label", "split"))
    return Row(index=index, **{"id": str(index), **absent, **cells})


def test_columns_in_any_order_and_others_ignored(tmp_path):
    text = "split,label,note,audio,id,image,text\nVAL,good,n,a.wav,r1,i.jpg, hi \n"
    (only,) = read_csv(tmp_path, text)
    assert only == Row(
        index=0, id="r1", text="hi", image="i.jpg", audio="a.wav", label="good",
        split="validation",
    )  # fmt: skip


def test_absent_cells_are_none_and_absent_ids_the_number(tmp_path):
    rows = read_csv(tmp_path, "id,text,image,label\nr1,,i.jpg,nan\n,a, ,NaN\n")
    assert rows == [row(0, id="r1", image="i.jpg"), row(1, text="a")]


def test_formats_agree(tmp_path):
    expected = [row(0, text="ü", label="1"), row(1, image="i.jpg", label="2.5")]
    table = pyarrow.table({"text": ["ü", None], "image": [None, "i.jpg"],
                           "label": ["1", "2.5"]})  # fmt: skip
    parquet.write_table(table, tmp_path / "m.parquet")
    assert list(read_manifest(str(tmp_path / "m.parquet"))) == expected
    assert read_csv(tmp_path, "text,image,label\nü,,1\n,i.jpg,2.5\n") == expected
    rows = {"text": "ü", "label": 1}, {"image": "i.jpg", "label": 2.5}
    assert read_jsonl(tmp_path, *rows) == expected


def test_numbers_and_truth_values_become_their_text(tmp_path):
    rows = read_jsonl(tmp_path, *({"text": 1, "label": x} for x in (1, 1.5, True)))
    assert [(row.text, row.label) for row in rows] == [
        ("1", "1"), ("1", "1.5"), ("1", "True")
    ]  # fmt: skip


def test_null_and_nan_are_absent(tmp_path):
    rows = read_jsonl(tmp_path, {"text": "a", "label": None}, {"label": float("nan")})
    assert rows == [row(0, text="a"), row(1)]


def test_another_label_column(tmp_path):
    (only,) = read_csv(tmp_path, "text,label,mood\na,x,sad\n", label="mood")
    assert only.label == "sad"


def test_bad_rows_say_why_and_stop_nothing(tmp_path):
    text = "id,text,label\nr0,caf\udce9,x\nr1\nr2,good,x\n"
    assert read_csv(tmp_path, text) == [
        BadRow(0, "r0", "`text` is not valid Unicode"),
        BadRow(1, "row 1", "not as many cells as there are columns"),
        row(2, id="r2", text="good", label="x"),
    ]


def test_a_cell_that_is_no_text_makes_a_bad_row(tmp_path):
    rows = read_jsonl(tmp_path, {"text": ["a"], "label": 1}, {"text": "\ud800"})
    assert rows == [
        BadRow(0, "row 0", "`text` is neither text nor a number"),
        BadRow(1, "row 1", "`text` is not valid Unicode"),
    ]


@pytest.mark.parametrize("label", [["a", "b"], {"a": 1}])
def test_a_label_that_is_many_is_an_error(tmp_path, label):
    with pytest.raises(InputError, match=r"one name or number. Received: .*in row 0"):
        read_jsonl(tmp_path, {"text": "a", "label": label})


def test_an_unknown_split_is_an_error(tmp_path):
    with pytest.raises(InputError, match="train, validation, .*'holdout' in row 'r1'"):
        read_csv(tmp_path, "id,text,label,split\nr1,a,x,holdout\n")


def test_a_missing_label_column_is_an_error_that_lists_columns(tmp_path):
    message = "Received: 'mood'; .*has the columns 'text', 'label'"
    with pytest.raises(InputError, match=message):
        read_csv(tmp_path, "text,label\na,b\n", label="mood")
    with pytest.raises(InputError, match=message):
        read_jsonl(tmp_path, {"text": "a", "label": "b"}, label="mood")


def test_a_missing_modality_is_an_error_that_lists_columns(tmp_path):
    message = "a column text, image or audio. Received: .*the columns 'words', 'label'"
    with pytest.raises(InputError, match=message):
        read_csv(tmp_path, "words,label\na,b\n")


def test_an_empty_file_is_an_error(tmp_path):
    with pytest.raises(InputError, match="has the columns none"):
        read_csv(tmp_path, "")


def test_a_column_named_twice_is_an_error(tmp_path):
    with pytest.raises(InputError, match="names of their own"):
        read_csv(tmp_path, "text,text,label\na,b,c\n")


def test_rows_come_one_by_one(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("text,label\na,b\n")
    rows = read_manifest(str(path))
    assert next(rows) == row(0, text="a", label="b")

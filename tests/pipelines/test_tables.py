import sys

import pyarrow
import pytest
import tensorflow as tf
from pyarrow import parquet

from mmtf.errors import InputError
from pipelines.tables import read_table


def read(path, content=None, wanted=("text",)):
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    columns = []
    return list(read_table(str(path), wanted, columns.extend)), columns


def test_csv_with_a_byte_order_mark_quotes_and_empty_lines(tmp_path):
    content = '\ufefftext , label\n"a, ""b""\nc",1\n\nü,2\n'
    rows, columns = read(tmp_path / "m.csv", content)
    assert columns == ["text", "label"]
    assert rows == [{"text": 'a, "b"\nc', "label": "1"}, {"text": "ü", "label": "2"}]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_with_any_line_end(tmp_path, line_end):
    rows, _ = read(tmp_path / "m.csv", line_end.join(["text,label", "a,b", "c,d"]))
    assert [row["text"] for row in rows] == ["a", "c"]


def test_ragged_csv_rows_have_a_reason_and_stop_nothing(tmp_path):
    rows, _ = read(tmp_path / "m.csv", "text,label\na\nb,1\nc,2,3\n")
    reason = "not as many cells as there are columns"
    assert rows == [reason, {"text": "b", "label": "1"}, reason]


def test_a_csv_cell_beyond_the_limit_stops_nothing(tmp_path):
    content = f"text,label\n{'x' * 200_000},1\nb,2\n"
    rows, _ = read(tmp_path / "m.csv", content)
    assert rows[0].startswith("not CSV (field larger than field limit")
    assert rows[1:] == [{"text": "b", "label": "2"}]


def test_csv_bytes_that_are_no_utf8_become_surrogates(tmp_path):
    rows, _ = read(tmp_path / "m.csv", b"text,label\ncaf\xe9,1\n")
    assert rows == [{"text": "caf\udce9", "label": "1"}]


def test_json_lines(tmp_path):
    content = '\ufeff{"text": "a", "n": 1}\n\n{"text": null, "label": true}\n'
    rows, columns = read(tmp_path / "m.jsonl", content)
    assert rows == [{"text": "a", "n": 1}, {"text": None, "label": True}]
    assert columns == ["text", "n", "label"]


@pytest.mark.parametrize("line", [b"{", b'"\xff"', b"[" * 100_000, b"1" * 5000])
def test_bad_json_has_a_reason_and_stops_nothing(tmp_path, line):
    rows, _ = read(tmp_path / "m.jsonl", line + b'\n{"text": "a"}\n')
    assert rows == ["not JSON", {"text": "a"}]


def test_json_that_is_no_object_has_a_reason(tmp_path):
    rows, _ = read(tmp_path / "m.jsonl", '["a"]\n{"text": "a"}')
    assert rows == ["not a JSON object", {"text": "a"}]


def test_parquet_gives_only_the_wanted_columns(tmp_path):
    table = pyarrow.table({"text": ["a", None], "label": [1.5, 2.5], "big": [0, 0]})
    parquet.write_table(table, tmp_path / "m.parquet")
    rows, columns = read(tmp_path / "m.parquet", wanted=("label", "text", "id"))
    assert columns == ["text", "label", "big"]
    assert rows == [{"label": 1.5, "text": "a"}, {"label": 2.5, "text": None}]


def test_parquet_text_that_is_no_utf8_stops_nothing(tmp_path):
    data = pyarrow.array([b"a", b"\xff"]).cast(pyarrow.binary()).view(pyarrow.string())
    parquet.write_table(pyarrow.table({"text": data}), tmp_path / "m.parquet")
    rows, _ = read(tmp_path / "m.parquet")
    assert rows == [{"text": "a"}, "not valid Unicode"]


def test_a_broken_parquet_file_is_an_error(tmp_path):
    with pytest.raises(InputError, match="must be a sound Parquet file. Received"):
        read(tmp_path / "m.parquet", b"PAR1 and no more")


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"Run: pip install mmtf\[parquet\]"):
        read(tmp_path / "m.parquet", b"")


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl", "m.parquet"])
def test_any_file_system_of_tensorflow(name, tmp_path):
    local = tmp_path / name
    if name == "m.parquet":
        parquet.write_table(pyarrow.table({"text": ["a"]}), local)
    else:
        local.write_text('{"text": "a"}' if name == "m.jsonl" else "text\na\n")
    tf.io.gfile.makedirs("ram://tables")
    tf.io.gfile.copy(str(local), f"ram://tables/{name}", overwrite=True)
    rows = list(read_table(f"ram://tables/{name}", ("text",), lambda columns: None))
    assert rows == [{"text": "a"}]


@pytest.mark.parametrize(
    ("path", "message"),
    [("m.xlsx", r"must end in .csv, .jsonl, .parquet. Received: 'm.xlsx'"),
     ("none.csv", "must be a file. Received: 'none.csv'"),
     ("nosuch://m.csv", "a file that can be read. Received: 'nosuch://m.csv'")],
)  # fmt: skip
def test_what_is_no_manifest_is_an_error(path, message):
    with pytest.raises(InputError, match=message):
        list(read_table(path, ("text",), lambda columns: None))


def test_a_folder_is_no_manifest(tmp_path):
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(InputError, match="must be a file"):
        read(tmp_path / "m.csv")

import csv
import json
import os
import subprocess
import sys

import grpc
import pyarrow
import pytest
from pyarrow import parquet

from export.client import ServerError, predict_manifest
from mmtf.errors import InputError
from tests.export.client.fake_server import FakeServer

OPTIONS = {"progress": False, "rows_per_request": 3}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        if str(path).endswith(".jsonl"):
            return [json.loads(line) for line in file]
        return list(csv.DictReader(file))


def yes(rows):
    return [round(row["scores"]["yes"] * 1000) for row in rows]


@pytest.fixture
def folder(tmp_path, files):
    """A folder with files named `image` and `audio`, and a broken one."""
    (tmp_path / "broken.wav").write_text("not a recording")
    return tmp_path


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl", "m.parquet"])
def test_rows_are_scored_in_order(folder, fake_server, name):
    texts = [str(number) for number in range(50)]
    if name == "m.parquet":
        parquet.write_table(pyarrow.table({"text": texts}), folder / name)
    elif name == "m.jsonl":
        lines = [json.dumps({"text": text, "more": [1]}) for text in texts]
        (folder / name).write_text("\n".join(lines))
    else:
        (folder / name).write_text("\n".join(["text", *texts]))
    out = str(folder / "out.jsonl")
    summary = predict_manifest(
        str(folder / name), out, server=fake_server.address, **OPTIONS
    )

    rows = read(out)
    assert yes(rows) == list(range(50))
    assert [row["id"] for row in rows] == texts
    assert (summary.rows, summary.failed, summary.incomplete) == (50, 0, 0)
    assert str(summary).startswith("50 of 50 rows scored, in 0.")


def test_bad_rows_are_reported_and_stop_nothing(folder, fake_server):
    (folder / "m.csv").write_bytes(
        b"id,text,image,audio\n"
        b"whole,1,image,audio\n"
        b"incomplete,2,,broken.wav\n"
        b"broken,,none.jpg,broken.wav\n"
        b"ragged,3\n"
        b"latin,caf\xe9,,\n"
        b"empty,,,\n"
        b",4,,\n"
    )
    out = str(folder / "out.jsonl")
    summary = predict_manifest(
        str(folder / "m.csv"), out, server=fake_server.address, **OPTIONS
    )
    rows = read(out)
    not_audio = "not an audio file of a known format, or a damaged one"

    assert yes([rows[0], rows[1], rows[6]]) == [1, 2, 4]
    assert rows[1]["left_out"] == {"audio": not_audio}
    assert rows[2:6] == [
        {
            "id": "broken",
            "error": f"image: No such file or directory; audio: {not_audio}",
        },
        {"id": "3", "error": "not as many cells as there are columns"},
        {"id": "latin", "error": "`text` is not valid Unicode"},
        {"id": "empty", "error": "neither text nor image nor audio"},
    ]
    assert rows[6]["id"] == "6"
    assert str(summary).startswith(
        "3 of 7 rows scored, 1 of them without a file that cannot be used, in "
    )


def test_a_row_that_the_server_refuses_stops_no_other(folder):
    (folder / "m.csv").write_text("text\n1\n2\n3\n4\n")
    with FakeServer(refuse=lambda inputs: b"2" in inputs["text"] and "no 2") as server:
        predict_manifest(
            str(folder / "m.csv"), str(folder / "out.csv"), server=server.address,
            **OPTIONS,
        )  # fmt: skip
    rows = read(folder / "out.csv")

    assert [row["class"] for row in rows] == ["no", "", "no", "no"]
    assert rows[1]["error"].endswith("refused the request: no 2")


def test_a_server_that_can_score_no_row_ends_it_and_leaves_the_file(folder):
    (folder / "m.csv").write_text("text\n" + "1\n" * 1000)
    (folder / "out.csv").write_text("old")
    fault = (grpc.StatusCode.NOT_FOUND, "Servable not found")
    before = sorted(os.listdir(folder))
    with (
        FakeServer(faults=[fault] * 1000) as server,
        pytest.raises(ServerError, match="refused the request: Servable not found"),
    ):
        predict_manifest(
            str(folder / "m.csv"), str(folder / "out.csv"), server=server.address,
            **OPTIONS,
        )  # fmt: skip

    assert server.attempts < 20
    assert (folder / "out.csv").read_text() == "old"
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.csv", "label\ngood\n", "must have a column text, image or audio"),
        ("m.jsonl", '{"label": "good"}', "must have a column text, image or audio"),
        ("m.csv", "text,text\na,b\n", "Columns must have names of their own"),
        ("m.txt", "text\na\n", "manifest must end in .csv, .jsonl, .parquet"),
    ],
)
def test_what_is_no_manifest_is_refused_before_anything_is_sent(
    folder, name, content, message
):
    (folder / name).write_text(content)
    with pytest.raises(InputError, match=message):
        predict_manifest(str(folder / name), str(folder / "out.csv"), **OPTIONS)
    assert not (folder / "out.csv").exists()


def test_the_manifest_is_not_overwritten(folder):
    (folder / "m.csv").write_text("text\n1\n")
    with pytest.raises(InputError, match="must not replace the manifest"):
        predict_manifest(str(folder / "m.csv"), f"{folder}/../{folder.name}/m.csv")


def test_a_bar_shows_how_far_it_is(folder, fake_server, capsys):
    (folder / "m.csv").write_text("text\n1\n2\n3\n")
    out = str(folder / "out.csv")
    predict_manifest(str(folder / "m.csv"), out, server=fake_server.address)

    captured = capsys.readouterr()
    assert "100%" in captured.err
    assert "3/3" in captured.err
    assert not captured.out


def test_a_manifest_needs_no_tensorflow(folder):
    (folder / "m.csv").write_text("text,image,audio\n1,image,audio\n")
    code = (
        "import sys\n"
        "from export.client import predict_manifest\n"
        "from tests.export.client.fake_server import FakeServer\n"
        "with FakeServer() as server:\n"
        "    summary = predict_manifest('m.csv', 'o.csv', server=server.address)\n"
        "print(summary.failed)\n"
        "heavy = {'tensorflow', 'keras', 'soxr', 'scipy', 'sklearn', 'ml_dtypes'}\n"
        "print(heavy & {*sys.modules})"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, cwd=folder, env=environment,
    )  # fmt: skip
    assert run.stdout.split() == ["0", "set()"], run.stderr

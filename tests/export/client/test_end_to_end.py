"""The client and a model of ours, on our own server."""

import csv

import pytest

from export.client import predict, predict_manifest
from export.golden import golden_rows
from mmtf.errors import InputError

CLASSES = ["schlecht", "mäßig", "gut", "sehr gut"]


@pytest.fixture(scope="module")
def address(server):
    return {"server": f"localhost:{server.port}", "model": "reviews"}


@pytest.fixture
def files(tmp_path):
    """A picture, and a voice at another rate than the model's."""
    _, inputs = golden_rows(sample_rate_hz=22050)
    for name in ("image", "audio"):
        (tmp_path / name).write_bytes(inputs[name][6])
    return {name: str(tmp_path / name) for name in ("image", "audio")}


def test_rows_are_answered_in_order(address, files):
    rows = [{"text": "not bad", **files}, {"text": "not bad"}, {"audio": ""}]
    full, text_only, nothing = predict(rows, **address)

    assert list(full["scores"]) == CLASSES
    assert sum(full["scores"].values()) == pytest.approx(1, abs=1e-5)
    assert all(full["modality_weights"].values())
    assert text_only["modality_weights"] == {"text": 1.0, "image": 0.0, "audio": 0.0}
    assert sum(nothing["modality_weights"].values()) == 0
    assert full["scores"] != text_only["scores"]


def test_the_servers_refusal_is_passed_on(address):
    message = r"refused the request: Servable not found for request: Latest\(other\)$"

    with pytest.raises(InputError, match=message):
        predict([{"text": "a"}], server=address["server"], model="other")


def test_an_ops_refusal_is_one_line(address):
    with pytest.raises(InputError, match="refused the request: .*bytes") as raised:
        predict([{"text": "x" * 2**21}], **address)

    assert "\n" not in str(raised.value)


def test_a_server_that_is_too_slow_is_named(address):
    rows = [{"text": "a"}] * 2000

    with pytest.raises(InputError, match="within 0.001 seconds"):
        predict(rows, **address, timeout_seconds=0.001, rows_per_request=2000)


def test_a_manifest_is_scored(address, files, tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("text,image,audio\ngood,image,audio\n,,none\nbad,,\n")
    out = str(tmp_path / "scores.csv")
    summary = predict_manifest(str(manifest), out, progress=False, **address)
    with open(out, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (alone,) = predict([{"text": "bad"}], **address)

    assert (summary.rows, summary.failed) == (3, 1)
    assert [row["class"] in CLASSES for row in rows] == [True, False, True]
    assert rows[1]["error"] == "audio: No such file or directory"
    assert float(rows[2]["score_gut"]) == pytest.approx(
        alone["scores"]["gut"], abs=1e-5
    )

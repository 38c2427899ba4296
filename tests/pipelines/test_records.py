import io
import os

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from pipelines import records
from pipelines.manifest import Row
from pipelines.records import prepare_rows
from pipelines.workers import CrashError
from tests.pipelines.media_samples import image_bytes, wav_bytes

SMALL = image_bytes(np.full((8, 8, 3), 90))
LARGE = image_bytes(np.full((32, 32, 3), 90))
SECOND = wav_bytes(np.zeros(8000), sample_rate_hz=8000)


class InPlace:
    """Stands for workers; the processes have tests of their own."""

    map = staticmethod(map)

    def run(self, function, *args):
        return function(*args)


def row(index=0, **cells):
    absent = dict.fromkeys(("text", "image", "audio", "label", "split"))
    return Row(index=index, id=str(index), **{**absent, **cells})


def prepare(folder, *rows, workers=None):
    return list(
        prepare_rows(
            rows, workers or InPlace(), folder=str(folder), image_side=16,
            sample_rate_hz=4000,
        )
    )  # fmt: skip


def test_every_modality_is_prepared(tmp_path):
    (tmp_path / "i.png").write_bytes(LARGE)
    (tmp_path / "a.wav").write_bytes(SECOND)
    (only,) = prepare(tmp_path, row(text="a\u0000 \n b", image="i.png", audio="a.wav"))
    assert only.media["text"] == b"a b"
    assert Image.open(io.BytesIO(only.media["image"])).size == (16, 16)
    assert len(only.media["audio"]) == 44 + 2 * 4000
    assert only.lost == {}


def test_absent_modalities_are_left_out(tmp_path):
    (only,) = prepare(tmp_path, row(text="caf\u00e9"))
    assert only.media == {"text": "caf\u00e9".encode()}


def test_rows_keep_their_order_beyond_one_batch_of_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "TEXTS_AT_ONCE", 3)
    prepared = prepare(tmp_path, *(row(i, text=f"t{i}") for i in range(8)))
    assert [p.media["text"] for p in prepared] == [f"t{i}".encode() for i in range(8)]
    assert [p.row.index for p in prepared] == list(range(8))


def test_paths_may_be_absolute_or_uris(tmp_path):
    (tmp_path / "i.png").write_bytes(SMALL)
    tf.io.gfile.makedirs("ram://records")
    tf.io.gfile.copy(str(tmp_path / "i.png"), "ram://records/i.png", overwrite=True)
    paths = str(tmp_path / "i.png"), "ram://records/i.png"
    prepared = prepare("elsewhere", *(row(image=path) for path in paths))
    assert [p.media["image"] for p in prepared] == [SMALL, SMALL]


def test_paths_are_relative_to_a_folder_that_is_a_uri(tmp_path):
    tf.io.gfile.makedirs("ram://relative")
    with tf.io.gfile.GFile("ram://relative/i.png", "wb") as file:
        file.write(SMALL)
    (only,) = prepare("ram://relative", row(image="i.png"))
    assert only.media["image"] == SMALL


@pytest.mark.parametrize(
    ("path", "reason"),
    [("none.png", "no such file"), ("folder", "a file that cannot be read"),
     ("empty.png", "an empty file"), ("text.png", "not an image of a known format"),
     ("nosuch://i.png", "a file that cannot be read"), ("a\0b", "no such file"),
     ("/dev/zero", "an empty file")],
)  # fmt: skip
def test_a_broken_medium_is_lost_and_the_rest_kept(tmp_path, path, reason):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("no image")
    (only,) = prepare(tmp_path, row(text="a", image=path))
    assert only.media == {"text": b"a"}
    assert only.lost == {"image": reason}


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "MAX_FILE_BYTES", 2**20)
    with open(tmp_path / "a.wav", "wb") as file:
        os.truncate(file.fileno(), 2**20 + 1)
    (only,) = prepare(tmp_path, row(audio="a.wav"))
    assert only.lost == {"audio": "a file of more than 1 MiB"}


def test_a_text_of_control_characters_is_lost(tmp_path):
    (only,) = prepare(tmp_path, row(text="\u0001\u0002"))
    assert only.media == {}
    assert only.lost == {"text": "nothing but control characters"}


def test_a_crash_is_a_reason(tmp_path):
    class Crashing(InPlace):
        def run(self, function, *args):
            raise CrashError

    (tmp_path / "i.png").write_bytes(SMALL)
    (only,) = prepare(tmp_path, row(image="i.png"), workers=Crashing())
    assert only.lost == {"image": "a file that crashes its decoder"}

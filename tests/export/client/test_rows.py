import io
import os

import pytest
from PIL import Image

from export.client.options import Options
from export.client.rows import (
    GROUP_BYTES,
    PreparedRow,
    check_whole,
    grouped,
    prepare_row,
)
from mmtf.errors import InputError
from tests.pipelines.media_samples import image_bytes, wav_bytes


def prepare(**row):
    return prepare_row(row, Options())


def prepared(size):
    return PreparedRow({"text": b"x" * size}, {})


def test_a_row_may_lack_anything():
    assert prepare(text=None, image="") == PreparedRow(
        {"text": b"", "image": b"", "audio": b""}, {}
    )
    assert prepare().size == 0


def test_text_is_utf_8_even_if_it_is_no_text():
    assert prepare(text="mäßig").inputs["text"] == "mäßig".encode()
    assert prepare(text="a\udce9").inputs["text"] == b"a?"


def test_files_may_come_as_bytes(files):
    from_files = prepare(**files)
    contents = {}
    for name, path in files.items():
        with open(path, "rb") as file:
            contents[name] = file.read()

    assert prepare(**contents) == from_files
    assert from_files.size > 1000


def test_an_image_that_needs_no_change_stays_byte_for_byte():
    data = image_bytes([[[1, 2, 3]] * 16] * 16, format="JPEG")

    assert prepare(image=data).inputs["image"] == data


def test_an_image_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = image_bytes([[[1, 2, 3]] * 32] * 16, format="JPEG", exif=exif)
    upright = Image.open(io.BytesIO(prepare(image=data).inputs["image"]))

    assert upright.size == (16, 32)
    assert not upright.getexif()


def test_a_home_folder_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "voice.wav").write_bytes(wav_bytes([0.5]))

    assert prepare(audio="~/voice.wav").inputs["audio"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"not an image", "not an image of a known format"),
        (b"", "not an image of a known format"),
    ],
)
def test_what_is_left_out_has_a_reason(tmp_path, content, reason):
    path = tmp_path / "photo.jpg"
    if content is not None:
        path.write_bytes(content)
    row = prepare(text="a", image=str(path))

    assert row.inputs == {"text": b"a", "image": b"", "audio": b""}
    assert row.left_out == {"image": reason}


def test_what_is_no_file_is_left_out_unread(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 100)
    monkeypatch.setattr("export.client.rows.MAX_FILE_BYTES", 99)

    assert prepare(image=str(tmp_path / "pipe")).left_out == {"image": "not a file"}
    assert prepare(audio=str(tmp_path)).left_out == {"audio": "not a file"}
    assert prepare(audio=str(tmp_path / "large")).left_out == {
        "audio": "larger than 99 bytes"
    }
    assert prepare(image="a\0b").left_out == {"image": "embedded null byte"}


@pytest.mark.parametrize(
    ("source", "shown"), [("a.jpg", "'a.jpg'"), (b"abc", "3 bytes")]
)
def test_a_row_that_must_be_whole_names_its_file(source, shown):
    with pytest.raises(
        InputError, match=f"`image` must .* Received: {shown} .(No|not)"
    ):
        check_whole({"image": source}, prepare(image=source))


def test_rows_are_grouped_by_size():
    half = GROUP_BYTES // 2
    sizes = [half, half, 1, 3 * half, 1, 1]

    assert [[row.size for row in group] for group in grouped(map(prepared, sizes))] == [
        [half, half],
        [1],
        [3 * half],
        [1, 1],
    ]
    assert list(grouped([])) == []

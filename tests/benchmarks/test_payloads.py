import io
import wave

from PIL import Image

from benchmarks.payloads import make_media, repeat


def test_media_are_what_they_say():
    media = make_media(8000)

    image = Image.open(io.BytesIO(media["image"]))
    assert (image.format, image.size) == ("JPEG", (256, 256))
    with wave.open(io.BytesIO(media["audio"])) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 16000)
    assert media["text"].decode()


def test_media_differ_by_seed_only():
    assert make_media(8000, 1) == make_media(8000, 1)
    assert make_media(8000, 1) != make_media(8000, 2)


def test_a_row_is_repeated():
    batch = repeat({"text": b"a", "image": b""}, 3)

    assert {name: array.tolist() for name, array in batch.items()} == {
        "text": [b"a"] * 3,
        "image": [b""] * 3,
    }

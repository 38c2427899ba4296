import base64
import io
import wave

import pytest
from PIL import Image

from mmtf.report.media import picture, recording
from tests.mmtf.report.made import image_file, wav_file


def content(uri):
    kind, _, encoded = uri.partition(";base64,")
    return kind, base64.b64decode(encoded)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_small_image_is_shown_as_it_is(kind):
    image = image_file(40, 30, kind)
    shown = picture(image)
    assert content(shown.uri) == (f"data:image/{kind.lower()}", image)
    assert (shown.width, shown.height) == (40, 30)


def test_a_large_image_is_made_smaller():
    shown = picture(image_file(1280, 640))
    kind, smaller = content(shown.uri)
    assert kind == "data:image/jpeg"
    assert (
        (shown.width, shown.height)
        == Image.open(io.BytesIO(smaller)).size
        == (320, 160)
    )


def test_a_heavy_image_is_made_lighter():
    noise = Image.effect_noise((300, 300), 200).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert len(file.getvalue()) > 100_000
    assert len(picture(file.getvalue()).uri) < 100_000


@pytest.mark.parametrize(
    "image", [b"no image", image_file()[:40], b"\x89PNG\r\n\x1a\n"]
)
def test_a_broken_image_is_none(image):
    assert picture(image) is None


def test_a_short_recording_is_played_as_it_is():
    audio = wav_file(seconds=0.5)
    played = recording(audio)
    assert content(played.uri) == ("data:audio/wav", audio)
    assert played.seconds == played.of_seconds == 0.5


@pytest.mark.parametrize(("rate", "seconds"), [(8000, 10.0), (48000, 200_000 / 48000)])
def test_of_a_long_recording_the_beginning_is_played(rate, seconds):
    played = recording(wav_file(seconds=11, rate=rate))
    assert (played.seconds, played.of_seconds) == (seconds, 11)
    with wave.open(io.BytesIO(content(played.uri)[1])) as file:
        assert file.getnframes() == seconds * rate
        assert (file.getframerate(), file.getnchannels()) == (rate, 1)


@pytest.mark.parametrize("audio", [b"no audio", b"RIFF", wav_file()[:20]])
def test_a_broken_recording_is_none(audio):
    assert recording(audio) is None

import io
import os
import subprocess
import sys
import wave

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipelines.media import MediaError, prepare_audio, prepare_image
from tests.pipelines.media_samples import image_bytes, wav_bytes

RATE = 8000
GRADIENT = np.linspace(0, 255, 48 * 64 * 3).reshape(48, 64, 3)
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 4) / RATE)
IMAGE_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "TGA", "JPEG2000")
AUDIO_FORMATS = ("WAV", "FLAC", "OGG", "MP3", "AIFF", "CAF")


def audio_bytes(samples, *, format, sample_rate_hz=RATE):
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, sample_rate_hz, format=format)
    return buffer.getvalue()


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), "int32")


def samples(data):
    return soundfile.read(io.BytesIO(data), dtype="int16")[0]


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("options", [("PNG", {}), ("JPEG", {"progressive": True})])
def test_a_plain_image_stays_byte_for_byte(mode, options):
    buffer = io.BytesIO()
    image = Image.fromarray(GRADIENT.astype("uint8")).convert(mode)
    image.save(buffer, options[0], **options[1])
    assert prepare_image(buffer.getvalue(), image_side=48) == buffer.getvalue()


@pytest.mark.parametrize("format", IMAGE_FORMATS)
def test_an_image_of_any_format_keeps_its_picture(format):
    prepared = prepare_image(image_bytes(GRADIENT, format=format), image_side=48)
    assert np.abs(pixels(prepared) - GRADIENT).mean() < 4


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_short_side_shrinks_and_the_aspect_stays(format):
    large = np.tile(np.uint8([[[200, 100, 50]]]), (300, 400, 1))
    prepared = prepare_image(image_bytes(large, format=format), image_side=30)
    assert Image.open(io.BytesIO(prepared)).format == "JPEG"
    assert pixels(prepared).shape == (30, 40, 3)
    np.testing.assert_allclose(pixels(prepared)[15, 20], [200, 100, 50], atol=4)


def test_downscaling_averages_instead_of_skipping():
    checkers = 255 * (np.indices((160, 160)).sum(0) % 2)
    checkers = np.repeat(checkers[..., None], 3, axis=2)
    small = pixels(prepare_image(image_bytes(checkers), image_side=40))
    np.testing.assert_allclose(small, 127.5, atol=12)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (0, -1)), (3, (-1, -1)), (4, (-1, 0)),
     (5, (0, 0)), (6, (0, -1)), (7, (-1, -1)), (8, (-1, 0))],
)  # fmt: skip
def test_exif_orientation_is_applied_and_stripped(orientation, corner):
    marked = np.zeros((32, 64, 3))
    marked[:8, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    prepared = prepare_image(
        image_bytes(marked, format="JPEG", exif=exif), image_side=64
    )
    assert pixels(prepared)[corner].min() > 200
    assert pixels(prepared).shape[:2] == ((64, 32) if orientation > 4 else (32, 64))
    assert not Image.open(io.BytesIO(prepared)).getexif()


@pytest.mark.parametrize(
    "options",
    [{"comment": b"secret"}, {"icc_profile": b"secret"}, {"xmp": b"secret"}],
)
def test_metadata_are_stripped(options):
    data = image_bytes(GRADIENT, format="JPEG", **options)
    assert b"secret" in data
    assert b"secret" not in prepare_image(data, image_side=48)


def test_what_follows_the_picture_is_stripped():
    data = image_bytes(GRADIENT, format="JPEG") + b"secret"
    assert b"secret" not in prepare_image(data, image_side=48)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_transparency_is_laid_over_white(format):
    half = np.zeros((16, 16, 4))
    half[:, 8:, 3] = 255
    prepared = pixels(prepare_image(image_bytes(half, format=format), image_side=16))
    np.testing.assert_allclose(prepared[8, [1, 14]], [[255] * 3, [0] * 3], atol=6)


def test_a_transparent_palette_colour_becomes_white():
    buffer = io.BytesIO()
    palette = Image.new("P", (16, 16), 3)
    palette.save(buffer, "GIF", transparency=3)
    prepared = prepare_image(buffer.getvalue(), image_side=16)
    np.testing.assert_allclose(pixels(prepared), 255, atol=2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_any_mode_becomes_8_bit_colour(mode):
    grey = Image.new("L", (16, 16), 255)
    image = Image.new("I;16", (16, 16), 65535) if mode == "I;16" else grey.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, "TIFF")
    prepared = Image.open(io.BytesIO(prepare_image(buffer.getvalue(), image_side=16)))
    assert prepared.mode == "RGB"
    np.testing.assert_allclose(np.asarray(prepared), 255, atol=2)


def test_sixteen_bit_grey_keeps_its_middle():
    buffer = io.BytesIO()
    Image.new("I;16", (16, 16), 128 * 257).save(buffer, "PNG")
    prepared = prepare_image(buffer.getvalue(), image_side=16)
    np.testing.assert_allclose(pixels(prepared), 128, atol=2)


def test_a_decompression_bomb_is_turned_down(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 48 * 64 - 1)
    with pytest.raises(MediaError, match="more pixels than any real picture"):
        prepare_image(image_bytes(GRADIENT), image_side=48)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "known format"), (b"no image", "known format"),
     (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "known format"),
     (image_bytes(GRADIENT, format="JPEG")[:-99], "damaged"),
     (image_bytes(GRADIENT)[:-99], "damaged")],
)  # fmt: skip
def test_what_is_no_image_is_turned_down(data, reason):
    with pytest.raises(MediaError, match=reason):
        prepare_image(data, image_side=48)


@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_audio_of_any_format_becomes_a_canonical_wav(format):
    data = audio_bytes(TONE, format=format)
    prepared = prepare_audio(data, sample_rate_hz=2 * RATE)
    assert prepared[:4] == b"RIFF" and prepared[36:40] == b"data"
    with wave.open(io.BytesIO(prepared)) as reader:
        assert reader.getparams()[:3] == (1, 2, 2 * RATE)
        assert len(prepared) == 44 + 2 * reader.getnframes()
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE / 2)
    assert np.corrcoef(samples(prepared)[:4000], tone[:4000])[0, 1] > 0.99


def test_16_bit_audio_at_the_rate_is_exact():
    exact = np.array([-32768, -1, 0, 1, 32767], "int16")
    prepared = prepare_audio(
        wav_bytes(exact / 32768, sample_rate_hz=RATE), sample_rate_hz=RATE
    )
    np.testing.assert_array_equal(samples(prepared), exact)


def test_audio_may_keep_its_rate():
    data = wav_bytes([[0.5, 0.25]] * 9, sample_rate_hz=44100)
    with wave.open(io.BytesIO(prepare_audio(data, sample_rate_hz=None))) as reader:
        assert reader.getparams()[:4] == (1, 2, 44100, 9)


def test_a_missing_resampler_is_no_fault_of_the_file(monkeypatch):
    monkeypatch.setitem(sys.modules, "soxr", None)
    with pytest.raises(ImportError, match="soxr"):
        prepare_audio(wav_bytes(TONE, sample_rate_hz=RATE), sample_rate_hz=2 * RATE)


def test_channels_are_averaged():
    stereo = np.stack([np.full(9, 0.5), np.full(9, 0.25)], axis=1)
    prepared = prepare_audio(
        wav_bytes(stereo, sample_rate_hz=RATE), sample_rate_hz=RATE
    )
    np.testing.assert_array_equal(samples(prepared), np.full(9, 0.375 * 32768))


def test_samples_beyond_full_scale_are_clipped():
    loud = wav_bytes([2.0, -3.0], sample_rate_hz=RATE, subtype="FLOAT")
    prepared = prepare_audio(loud, sample_rate_hz=RATE)
    np.testing.assert_array_equal(samples(prepared), [32767, -32768])


def test_a_streamed_wav_of_unknown_size_is_read():
    streamed = bytearray(wav_bytes(TONE, sample_rate_hz=RATE))
    streamed[4:8] = streamed[40:44] = b"\xff\xff\xff\xff"
    assert len(prepare_audio(bytes(streamed), sample_rate_hz=RATE)) == 44 + RATE // 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "known format"), (b"no audio", "known format"),
     (wav_bytes([]), "no audio in the file"),
     (wav_bytes([np.nan], subtype="FLOAT"), "no numbers"),
     (wav_bytes([np.inf], subtype="FLOAT"), "no numbers"),
     (wav_bytes(TONE, sample_rate_hz=1), "too long")],
    # A file of floats holds the time at which it was written.
    ids=["empty", "text", "no samples", "NaN", "infinity", "too long"],
)  # fmt: skip
def test_what_is_no_audio_is_turned_down(data, reason, monkeypatch):
    monkeypatch.setattr("pipelines.media.MAX_SAMPLES", 10**6)
    with pytest.raises(MediaError, match=reason):
        prepare_audio(data, sample_rate_hz=16000)


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "AIFF", "MP3"])
@pytest.mark.parametrize("left_out", [0.02, 0.5, 0.9])
def test_audio_cut_short_is_turned_down(format, left_out):
    data = audio_bytes(TONE, format=format)
    with pytest.raises(MediaError):
        prepare_audio(data[: int(len(data) * (1 - left_out))], sample_rate_hz=RATE)


@st.composite
def damaged(draw, files):
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(0, 8))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    end = st.just(len(data)) | st.integers(0, len(data))
    return bytes(data[: draw(end)])


IMAGE_FILES = [image_bytes(GRADIENT, format=format) for format in IMAGE_FORMATS]
AUDIO_FILES = [audio_bytes(TONE, format=format) for format in AUDIO_FORMATS]


@settings(max_examples=300, deadline=None)
@given(damaged(IMAGE_FILES))
def test_a_damaged_image_is_turned_down_or_tensorflow_reads_it(data):
    try:
        prepared = prepare_image(data, image_side=40)
    except MediaError:
        return
    decoded = tf.io.decode_image(prepared, channels=3, expand_animations=False)
    assert decoded.shape == pixels(prepared).shape
    assert min(decoded.shape[:2]) <= 40


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(max_examples=300, deadline=None)
@given(damaged(AUDIO_FILES))
def test_damaged_audio_is_turned_down_or_tensorflow_reads_it(data):
    try:
        prepared = prepare_audio(data, sample_rate_hz=RATE)
    except MediaError:
        return
    decoded, rate = tf.audio.decode_wav(prepared)
    assert rate == RATE
    assert decoded.shape == ((len(prepared) - 44) // 2, 1)


def test_media_need_neither_tensorflow_nor_keras_nor_soxr():
    code = (
        "import sys, pipelines.media;"
        "print({'keras', 'tensorflow', 'soxr'} & {*sys.modules})"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=os.environ, check=True
    )
    assert answer.stdout.strip() == b"set()"

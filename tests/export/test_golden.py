import numpy as np
import pytest
import tensorflow as tf

from export import golden_media as media
from export.golden import NUM_SUBSETS, golden_rows
from mmtf import presets
from mmtf.features import MODALITIES
from pipelines.audio import decode_any_rate
from pipelines.image import decode_pixels
from pipelines.wav_header import read_header


def rows(**options):
    return golden_rows(sample_rate_hz=8000, **options)


def test_every_subset_of_the_modalities_has_a_row():
    names, inputs = rows()

    assert names[:4] == ["text", "image", "audio", "text+image"]
    assert names[6:NUM_SUBSETS] == ["text+image+audio", "none"]
    present = np.stack([inputs[key] != b"" for key in MODALITIES])[:, :NUM_SUBSETS]
    assert present[:, 3].tolist() == [True, True, False]
    assert present.sum(axis=0).tolist() == [1, 1, 1, 2, 2, 2, 3, 0]


def test_the_extremes_are_there():
    names, inputs = rows(seconds=0.5)
    short, long = names.index("shortest"), names.index("longest")

    assert (inputs["text"][short], len(inputs["text"][long]) > 20_000) == (b"a", True)
    sizes = [decode_pixels(inputs["image"][row]).shape for row in (short, long)]
    assert sizes == [(1, 1, 3), (1500, 2000, 3)]
    frames = read_header(tf.constant(inputs["audio"])).num_frames
    assert (frames[short], frames[long]) == (1, 12000)


def test_broken_media_are_rows_where_they_may_be():
    both, strict = rows()[0], rows(on_bad_media="error")[0]

    assert both == [*strict, "broken image", "broken audio"]


def test_the_media_are_what_their_names_say():
    names, inputs = rows()
    header = read_header(tf.constant(inputs["audio"]))

    found = {
        name: (int(rate), int(width), int(channels))
        for name, rate, width, channels in zip(
            names, header.sample_rate_hz, header.frame_bytes, header.num_channels,
            strict=True,
        )
    }  # fmt: skip
    assert found["44.1 kHz stereo"] == (44100, 4, 2)
    assert found["8 kHz of 8 bits"] == (8000, 1, 1)
    assert found["48 kHz of 24 bits"] == (48000, 3, 1)
    assert found["streamed floats"] == (22050, 4, 1)


def test_the_audio_is_one_tone_in_every_format():
    names, inputs = rows()
    data = tf.constant(inputs["audio"])
    waveform, length, _ = decode_any_rate(
        data, read_header(data), num_samples=2000, sample_rate_hz=8000
    )
    first, last = names.index("44.1 kHz stereo"), names.index("streamed floats")
    expected = media.chirp(8000, 0.25)
    for row in range(first, last + 1):
        scale = 0.5 if row == first else 1.0
        np.testing.assert_allclose(waveform[row], scale * expected, atol=1e-2)
        assert length[row] == 2000


@pytest.mark.parametrize("encode", [media.png, media.bmp])
def test_lossless_pictures_decode_to_themselves(encode):
    pixels = media.picture(33, 35)
    np.testing.assert_array_equal(decode_pixels(encode(pixels)), pixels)
    assert len(np.unique(pixels)) > 4


def test_the_gif_and_the_jpeg_decode():
    assert decode_pixels(media.GIF)[0, 1].numpy().tolist() == [0, 64, 192]
    jpeg = decode_pixels(media.jpeg(media.photograph()))
    assert jpeg.shape == (320, 427, 3)


def test_the_rows_are_the_same_each_time():
    first, second = (rows()[1] for _ in range(2))

    assert all((first[key] == second[key]).all() for key in first)


def test_they_are_small_enough_to_travel_along():
    audio = presets.base().model.audio
    inputs = golden_rows(sample_rate_hz=audio.sample_rate_hz, seconds=audio.seconds)[1]
    assert sum(len(value) for values in inputs.values() for value in values) < 10**6

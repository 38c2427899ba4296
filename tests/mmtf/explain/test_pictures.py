import base64
import io
import re
import wave

import numpy as np
from PIL import Image

from mmtf.explain.pictures import heat_map, picture, sound, waveform_plot


def decoded(uri, kind):
    head, _, data = uri.partition(",")
    assert head == f"data:{kind};base64"
    return io.BytesIO(base64.b64decode(data))


def pixels_of(uri):
    return np.asarray(Image.open(decoded(uri, "image/png"))).astype(int)


def test_a_picture_is_what_the_model_sees():
    image = np.zeros((32, 32, 3))
    image[:16] = [200, 100, 50]
    pixels = pixels_of(picture(image))
    assert pixels.shape == (384, 384, 3)
    assert pixels[50, 200].tolist() == [200, 100, 50]
    assert pixels[350, 200].tolist() == [0, 0, 0]


def test_heat_is_green_for_and_red_against_and_grey_elsewhere():
    values = np.zeros((32, 32))
    values[4:10, 4:10], values[22:28, 22:28] = 1.0, -1.0
    pixels = pixels_of(heat_map(np.full((32, 32, 3), 90.0), values))
    red, green, blue = pixels[84, 84]
    assert green > red + 50
    assert green > blue + 30
    red, green, _ = pixels[300, 300]
    assert red > green + 80
    assert np.ptp(pixels[84, 300]) <= 2


def test_no_heat_leaves_the_picture_grey():
    pixels = pixels_of(heat_map(np.full((8, 8, 3), 90.0), np.zeros((8, 8))))
    assert np.unique(pixels).tolist() == [90]


def test_a_sound_can_be_played():
    waveform = np.sin(np.arange(800)).astype("float32")
    with wave.open(decoded(sound(waveform, 8000), "audio/wav")) as reader:
        assert (reader.getframerate(), reader.getnframes()) == (8000, 800)
        samples = np.frombuffer(reader.readframes(800), "<i2") / 32767
    np.testing.assert_allclose(samples, waveform, atol=1e-4)


def test_a_waveform_has_a_bar_for_each_span():
    plot = str(
        waveform_plot(
            "waveform", "What is heard", np.ones(2500), np.array([0.5, -0.2, 0.1]),
            sample_rate_hz=10000, y_label="log-odds",
        )
    )  # fmt: skip
    assert plot.startswith("<svg ")
    assert 'aria-label="What is heard"' in plot
    assert len(re.findall(r"fill: var\(--good\)", plot)) == 2
    assert len(re.findall(r"fill: var\(--bad\)", plot)) == 1

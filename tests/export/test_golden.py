import numpy as np
import tensorflow as tf

from export.golden import golden_rows


def test_every_subset_of_the_modalities_has_a_row():
    names, inputs = golden_rows(sample_rate_hz=8000)

    assert names[:4] == ["text", "image", "audio", "text+image"]
    assert names[6:] == ["text+image+audio", "none"]
    present = np.stack([inputs[key] != b"" for key in ("text", "image", "audio")])
    assert present[:, 3].tolist() == [True, True, False]
    assert present.sum(axis=0).tolist() == [1, 1, 1, 2, 2, 2, 3, 0]


def test_the_media_decode():
    _, inputs = golden_rows(sample_rate_hz=8000)

    assert tf.io.decode_image(inputs["image"][1]).shape == (48, 64, 3)
    samples, rate = tf.audio.decode_wav(inputs["audio"][2])
    assert (samples.shape, rate) == ((2000, 1), 8000)
    assert 0.3 < np.abs(samples).max() < 0.5


def test_the_rows_are_the_same_each_time():
    first, second = (golden_rows(sample_rate_hz=8000)[1] for _ in range(2))

    assert all((first[key] == second[key]).all() for key in first)

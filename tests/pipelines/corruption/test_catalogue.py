import math
import os

import numpy as np
import pytest
import tensorflow as tf

from mmtf.features import MODALITIES
from pipelines.corruption import CORRUPTIONS

SIDE, SAMPLES = 32, 400
KEY = {"text": "text", "image": "image", "audio": "waveform"}
UNTOUCHED = {"typos": 0, "blur": 0, "noise": 0, "white noise": math.inf, "clipping": 0}
PRESENCE = np.array([[1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 1, 1]], bool)
every_corruption = pytest.mark.parametrize(
    "corruption", CORRUPTIONS, ids=lambda c: c.name
)


def clean_rows():
    """Rows as `eval_dataset` has them; the first and the third are the same."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (SIDE, SIDE, 3)).astype("float32")
    length = SAMPLES - 100
    waveform = np.zeros(SAMPLES, "float32")
    waveform[:length] = rng.uniform(-0.5, 0.5, length)
    text, image_present, audio = PRESENCE.T
    return {
        "text": np.where(text, b"the acting was rather good, and so was the plot", b""),
        "image": image * image_present[:, None, None, None],
        "waveform": waveform * audio[:, None],
        "waveform_length": (length * audio).astype("int32"),
        "presence": PRESENCE,
        "label": np.arange(4),
    }


def noisy_rows(corruption, level, seed=1):
    rows = tf.data.Dataset.from_tensor_slices(clean_rows()).enumerate()
    corrupt = corruption.at(level, seed=seed)
    changed = rows.map(lambda number, row: corrupt(row, number)).batch(4)
    return {key: value.numpy() for key, value in next(iter(changed)).items()}


def differing(one, other):
    return {key for key in one if not np.array_equal(one[key], other[key])}


@every_corruption
def test_rows_that_have_the_modality_change_and_in_nothing_else(corruption):
    clean, noisy = clean_rows(), noisy_rows(corruption, corruption.levels[-1])
    key = KEY[corruption.modality]
    assert differing(clean, noisy) == {key}
    changed = [not np.array_equal(clean[key][i], noisy[key][i]) for i in range(4)]
    assert changed == PRESENCE[:, MODALITIES.index(corruption.modality)].tolist()
    assert not noisy["waveform"][:, SAMPLES - 100 :].any()  # padding stays padding


@every_corruption
def test_the_seed_and_the_rows_number_decide(corruption):
    key, level = KEY[corruption.modality], corruption.levels[-1]
    noisy = noisy_rows(corruption, level)
    drawn = corruption.name in ("typos", "noise", "white noise")
    assert not differing(noisy, noisy_rows(corruption, level))
    assert bool(differing(noisy, noisy_rows(corruption, level, seed=2))) == drawn
    assert np.array_equal(noisy[key][0], noisy[key][2]) != drawn


@pytest.mark.parametrize("name", UNTOUCHED)
def test_level_zero_is_the_clean_row(name):
    (corruption,) = (c for c in CORRUPTIONS if c.name == name)
    assert not differing(clean_rows(), noisy_rows(corruption, UNTOUCHED[name]))


@every_corruption
def test_levels_go_from_the_mildest_to_the_worst(corruption):
    key, clean = KEY[corruption.modality], clean_rows()

    def distance(level):
        noisy = noisy_rows(corruption, level)[key]
        if key == "text":  # where the first error is
            return -len(os.path.commonprefix([clean[key][0], noisy[0]]))
        return np.abs(noisy - clean[key]).mean()

    mildest, middle, worst = (distance(corruption.levels[i]) for i in (0, 2, -1))
    assert mildest <= middle <= worst
    assert mildest < worst


def test_names_are_unique_and_every_modality_has_some():
    assert len({c.name for c in CORRUPTIONS}) == len(CORRUPTIONS)
    assert {c.modality for c in CORRUPTIONS} == set(MODALITIES)

import numpy as np
import pytest
import tensorflow as tf

from pipelines import augment

SEED = tf.constant([3, 5], tf.int64)


def row(length=40):
    generator = np.random.default_rng(0)
    waveform = np.zeros(64, "float32")
    waveform[:length] = generator.uniform(-0.4, 0.4, length)
    return {
        "image": tf.constant(generator.uniform(0, 255, (20, 20, 3)), tf.float32),
        "waveform": tf.constant(waveform),
        "waveform_length": tf.constant(length),
        "label": tf.constant(1),
    }


def change(seed, length=40):
    return augment.augment_media(row(length), seed, sample_rate_hz=100)


def test_the_same_seed_gives_the_same_row_and_another_another():
    same, again, other = change(SEED), change(SEED), change(SEED + 1)
    for key in ("image", "waveform"):
        np.testing.assert_array_equal(same[key], again[key])
        assert not np.array_equal(same[key], other[key])
    assert int(same["label"]) == 1


def test_the_same_row_eagerly_and_in_tf_data():
    dataset = tf.data.Dataset.from_tensors(row()).map(
        lambda item: augment.augment_media(item, SEED, sample_rate_hz=100)
    )
    np.testing.assert_allclose(
        next(iter(dataset))["image"], change(SEED)["image"], atol=1e-3
    )


def test_an_image_is_cut_from_the_padded_one():
    def plain(image, seed):
        padded = tf.pad(image, [[2, 2], [2, 2], [0, 0]], "REFLECT")
        return tf.image.stateless_random_crop(padded, (20, 20, 3), seed)

    image, shift = row()["image"], tf.function(augment.shift_image)
    for number in range(40):
        expected = plain(image, SEED + number)
        np.testing.assert_array_equal(shift(image, SEED + number), expected)


@pytest.mark.parametrize("number", range(5))
def test_values_stay_in_range_and_shapes_stay(number):
    changed = change(SEED + number)
    assert changed["image"].shape == (20, 20, 3)
    assert float(tf.reduce_min(changed["image"])) >= 0
    assert float(tf.reduce_max(changed["image"])) <= 255
    assert float(tf.reduce_max(tf.abs(changed["waveform"]))) <= 1


@pytest.mark.parametrize("number", range(5))
def test_a_waveform_is_moved_whole_and_scaled(number):
    changed, before = change(SEED + number), row()
    length = int(changed["waveform_length"])
    delay = length - 40
    assert 0 <= delay <= 10
    moved = changed["waveform"].numpy()[delay:length]
    gain = moved / before["waveform"].numpy()[:40]
    np.testing.assert_allclose(gain, gain[0], rtol=1e-3)
    assert 10 ** (-6 / 20) <= gain[0] <= 10 ** (6 / 20)
    assert not changed["waveform"].numpy()[length:].any()


def test_absent_audio_stays_absent():
    changed = change(SEED, length=0)
    assert int(changed["waveform_length"]) == 0
    assert not changed["waveform"].numpy().any()


def test_a_full_waveform_has_no_room_to_move():
    assert int(change(SEED, length=64)["waveform_length"]) == 64


def test_dropped_words_become_mask_and_special_tokens_stay():
    ids = np.tile([2, 7, 7, 7, 7, 7, 7, 3, 0, 0], (200, 1))
    dropped = augment.drop_words(
        {"token_ids": tf.constant(ids, tf.int32)}, SEED, mask_id=4,
        special_ids=[0, 2, 3],
    )["token_ids"].numpy()  # fmt: skip
    changed = dropped != ids
    assert set(dropped[changed]) == {4}
    assert not changed[:, [0, 7, 8, 9]].any()
    assert 0.07 < changed[:, 1:7].mean() < 0.13

import numpy as np
import pytest

from pipelines.demo.faces import draw_face
from pipelines.demo.oracle import MOODS, NEGATIVE, NEUTRAL, POSITIVE
from pipelines.demo.rows import draw_rows


@pytest.mark.parametrize("mood", MOODS)
def test_size_and_mode(mood):
    rng = np.random.default_rng(0)
    for face in (draw_face(mood, rng) for _ in range(20)):
        assert face.mode == "RGB"
        assert all(128 <= side <= 160 for side in face.size)


def test_same_generator_same_face():
    faces = [draw_face("neutral", np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert faces[0] == faces[1]
    assert faces[0] != faces[2]


def mouth_slope(face):
    """How much the lower face rises outwards, whatever is dark and what is light."""
    down, right = np.gradient(np.asarray(face.resize((64, 64)).convert("L"), float))
    rows = (down * right)[38:54]
    return rows[:, 32:44].mean() - rows[:, 20:32].mean()


def test_mouths_tell_the_mood():
    rng = np.random.default_rng(0)
    slopes = {m: [mouth_slope(draw_face(m, rng)) for _ in range(60)] for m in MOODS}
    assert np.mean(np.array(slopes[POSITIVE]) > 0) >= 0.95
    assert np.mean(np.array(slopes[NEGATIVE]) < 0) >= 0.95
    assert np.abs(np.median(slopes[NEUTRAL])) < np.median(slopes[POSITIVE]) / 4


@pytest.mark.large
def test_small_cnn_learns_the_mood():
    """From noisy labels, as in the corpus, and held to the mood shown."""
    rows = [row for row in draw_rows(1600, 0) if "image" in row.shown]
    faces = [
        draw_face(row.shown["image"], np.random.default_rng([1, number]))
        for number, row in enumerate(rows)
    ]
    pixels = np.stack([np.asarray(face.resize((64, 64))) for face in faces])
    train_mask = np.array([row.split == "train" for row in rows])
    labels = np.array([MOODS.index(row.label) for row in rows])
    shown = np.array([MOODS.index(row.shown["image"]) for row in rows])
    model = small_cnn()
    model.fit(pixels[train_mask], labels[train_mask], epochs=10, verbose=0)
    guesses = model.predict(pixels[~train_mask], verbose=0).argmax(axis=1)
    assert np.mean(guesses == shown[~train_mask]) > 0.97


def small_cnn():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Rescaling(1 / 127.5, -1)])
    model.add(keras.layers.RandomFlip("horizontal"))
    model.add(keras.layers.RandomTranslation(0.08, 0.08))
    for filters in (16, 32, 64, 128):
        model.add(keras.layers.Conv2D(filters, 3, padding="same", use_bias=False))
        model.add(keras.layers.BatchNormalization(momentum=0.9))
        model.add(keras.layers.ReLU())
        model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(3, activation="softmax"))
    rate = keras.optimizers.schedules.CosineDecay(2e-3, decay_steps=10 * 33)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return model

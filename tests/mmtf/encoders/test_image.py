import keras
import numpy as np
import pytest

from mmtf.config import ImageConfig
from mmtf.encoders.image import cnn, resnet50
from mmtf.errors import InputError
from tests.mmtf.check_layer import randomise

IMAGES = np.random.default_rng(0).uniform(0, 255, (3, 32, 32, 3)).astype("float32")


def test_cnn_halves_the_resolution_stage_by_stage():
    model = cnn(ImageConfig(encoder="cnn", size=32, filters=(4, 6, 8)))
    assert model({"image": IMAGES}).shape == (3, 8)
    last_stage = model.layers[-2].output
    assert last_stage.shape == (None, 4, 4, 8)


def test_cnn_looks_at_one_example_at_a_time():
    model = cnn(ImageConfig(encoder="cnn", size=32, filters=(4, 6)))
    randomise(model)
    together = model({"image": IMAGES}, training=True)
    alone = model({"image": IMAGES[1:2]}, training=True)
    np.testing.assert_allclose(together[1:2], alone, atol=1e-5)


def test_cnn_takes_any_width():
    model = cnn(ImageConfig(encoder="cnn", size=32, filters=(5, 12)))
    assert np.isfinite(model({"image": IMAGES})).all()


@pytest.mark.large
def test_resnet50_normalises_as_its_weights_were_trained():
    model = resnet50(ImageConfig(size=32))
    means_bgr = np.array([103.939, 116.779, 123.68], "float32")
    expected = model.get_layer("resnet50")(IMAGES[..., ::-1] - means_bgr)
    assert expected.shape == (3, 2048)
    np.testing.assert_allclose(model({"image": IMAGES}), expected, atol=1e-5)


@pytest.mark.large
def test_resnet50_loads_a_weights_file(tmp_path):
    path = tmp_path / "resnet.weights.h5"
    saved = keras.applications.ResNet50(include_top=False, weights=None, pooling="avg")
    saved.save_weights(path)
    model = resnet50(ImageConfig(size=32, weights=str(path)))
    for before, after in zip(saved.weights, model.weights, strict=True):
        np.testing.assert_array_equal(before, after)


def test_what_trains_from_random_weights_is_loaded_as_it_was(tmp_path):
    model = resnet50(ImageConfig(size=32))
    model.save(tmp_path / "encoder.keras")
    loaded = keras.saving.load_model(tmp_path / "encoder.keras")
    paths = [weight.path for weight in model.trainable_weights]
    assert paths == [weight.path for weight in loaded.trainable_weights]
    assert not [path for path in paths if path.endswith("conv/bias")]


@pytest.mark.large
def test_batch_normalisation_stays_as_it_came_with_the_weights(tmp_path):
    path = tmp_path / "resnet.weights.h5"
    saved = keras.applications.ResNet50(include_top=False, weights=None)
    saved.save_weights(path)
    resnet50(ImageConfig(size=32, weights=str(path))).save(tmp_path / "encoder.keras")
    model = keras.saving.load_model(tmp_path / "encoder.keras")
    trained, at_rest = (model({"image": IMAGES}, training=mode) for mode in (1, 0))
    np.testing.assert_array_equal(trained, at_rest)
    random = resnet50(ImageConfig(size=32))
    random, at_rest = (random({"image": IMAGES}, training=mode) for mode in (1, 0))
    assert np.abs(at_rest - random).max() > 1e-3


def test_weights_file_that_is_none():
    config = ImageConfig(weights="no/such.weights.h5")
    with pytest.raises(InputError, match="Received: weights='no/such.weights.h5'"):
        resnet50(config)


@pytest.mark.large
@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_weights_file_of_another_model(tmp_path):
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]).save_weights(path)
    with pytest.raises(InputError, match="ResNet50 without its top. Received"):
        resnet50(ImageConfig(size=32, weights=str(path)))

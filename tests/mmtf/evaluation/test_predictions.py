import dataclasses
import os

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf import presets
from mmtf.errors import InputError
from mmtf.evaluation import Predictions, predict_subsets
from mmtf.evaluation.predictions import NONE
from mmtf.features import FULL, SUBSETS, subset_mask, subset_name
from mmtf.model import build_model, detailed_model
from tests.mmtf.first_losses import random_rows


@pytest.fixture(scope="module")
def model():
    return build_model(presets.tiny().model, num_outputs=3)


@pytest.fixture(scope="module")
def rows():
    return random_rows(presets.tiny(), rows=7)


@pytest.fixture(scope="module")
def predictions(model, rows):
    return predict_subsets(model, rows.batch(4), ids=[f"row {i}" for i in range(7)])


@pytest.mark.parametrize("subset", [*SUBSETS, ()])
def test_a_subset_is_the_model_with_less_presence(model, rows, predictions, subset):
    batch, labels = next(iter(rows.batch(7)))
    batch["presence"] &= np.array(subset_mask(subset))
    expected = model.predict(batch, verbose=0)
    found = predictions.logits[subset_name(subset) or NONE]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(predictions.labels, labels)


def test_what_belongs_to_a_row_stays_with_it(model, rows, predictions):
    batch, _ = next(iter(rows.batch(7)))
    np.testing.assert_array_equal(predictions.presence, batch["presence"])
    expected = detailed_model(model).predict(batch, verbose=0)["modality_weights"]
    np.testing.assert_allclose(predictions.modality_weights, expected, atol=1e-5)
    assert predictions.ids == tuple(f"row {i}" for i in range(7))


def test_what_is_saved_is_what_is_loaded(predictions, tmp_path):
    path = str(tmp_path / "predictions" / "test.npz")
    predictions.save(path)
    loaded = Predictions.load(path)
    assert loaded.ids == predictions.ids
    assert list(loaded.logits) == list(predictions.logits)
    for name in ("labels", "presence", "modality_weights"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(predictions, name))
    np.testing.assert_array_equal(loaded.logits[FULL], predictions.logits[FULL])
    assert loaded.logits[FULL].dtype == "float32"
    assert os.listdir(tmp_path / "predictions") == ["test.npz"]


def test_no_rows_give_empty_arrays_that_can_be_saved(model, rows, tmp_path):
    predictions = predict_subsets(model, rows.take(0).batch(4))
    predictions.save(str(tmp_path / "none.npz"))
    loaded = Predictions.load(str(tmp_path / "none.npz"))
    assert loaded.ids == ()
    assert loaded.logits[NONE].shape == (0, 3)
    assert loaded.presence.shape == loaded.modality_weights.shape == (0, 3)


def test_unknown_ids_are_empty_and_wrong_ones_are_refused(model, rows):
    assert predict_subsets(model, rows.batch(7)).ids == ("",) * 7
    with pytest.raises(ValueError, match="Received: 1 for 7 rows"):
        predict_subsets(model, rows.batch(7), ids=["alone"])


def test_a_model_gone_astray_is_told_of(rows):
    model = build_model(presets.tiny().model, num_outputs=3)
    kernel, bias = model.get_layer("logits").get_weights()
    model.get_layer("logits").set_weights([kernel, bias * np.nan])
    with pytest.raises(InputError, match="NaN or infinity for 7 of 7 rows, seeing te"):
        predict_subsets(model, rows.batch(7))


def test_encoders_run_once_a_row(model, rows, monkeypatch):
    """Counted by a layer in place of an encoder, which sees each row go by."""
    seen = tf.Variable(0)

    def counting(inputs, *args, **kwargs):
        seen.assign_add(tf.shape(inputs)[0])
        return call(inputs, *args, **kwargs)

    layer = first_convolution(model)
    call = layer.call
    monkeypatch.setattr(layer, "call", counting)
    predict_subsets(model, rows.batch(4))
    assert seen.numpy() == 7


def first_convolution(model):
    layers = model.get_layer("image_encoder").layers
    return next(layer for layer in layers if isinstance(layer, keras.layers.Conv2D))


def test_predictions_cannot_be_changed(predictions):
    with pytest.raises(dataclasses.FrozenInstanceError):
        predictions.ids = ()

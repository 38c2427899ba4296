"""A model that is built without some of the modalities."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from mmtf.features import MODALITIES, SUBSETS, subset_mask
from mmtf.model import build_model, classifier, detailed_model, feature_model
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import FUSIONS, KEYS, random_model, tiny

FEWER = [subset for subset in SUBSETS if len(subset) < 3]
every_choice = pytest.mark.parametrize("modalities", FEWER, ids="+".join)


def with_modalities(*modalities, fusion="attention"):
    return replace(tiny(fusion), modalities=modalities)


def full_batch(config, seed=0):
    batch = random_batch(config, 8, seed=seed)
    batch["presence"][:] = True
    return batch


@every_choice
def test_the_excluded_have_no_encoder_and_no_weights(modalities):
    config = with_modalities(*modalities)
    model, whole = (
        build_model(config, num_outputs=3),
        build_model(tiny(), num_outputs=3),
    )
    encoders = {f"{modality}_encoder" for modality in MODALITIES}
    left_out = [f"{m}_encoder" for m in MODALITIES if m not in modalities]
    assert {layer.name for layer in model.layers} & encoders == encoders - {*left_out}
    # Instead of a feature of 16 (all three are as wide), fusion projects a zero.
    expected = whole.count_params() - sum(
        whole.get_layer(name).count_params() + 15 * config.fusion_dim
        for name in left_out
    )
    assert model.count_params() == expected


@pytest.mark.parametrize("fusion", FUSIONS)
def test_only_what_is_not_excluded_changes_the_answer(fusion):
    config = with_modalities("text", "audio", fusion=fusion)
    model = random_model(config)
    batch, other = full_batch(config), full_batch(config, seed=1)
    logits = model(batch).numpy()
    for modality in MODALITIES:
        changed = {**batch, **{key: other[key] for key in KEYS[modality]}}
        difference = np.abs(model(changed) - logits).max()
        assert difference > 1e-5 if modality in config.modalities else difference == 0
    absent = {**batch, "presence": batch["presence"] & [True, False, True]}
    np.testing.assert_array_equal(model(absent), logits)


@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_weight_of_the_excluded_is_zero(fusion):
    config = with_modalities("image", "audio", fusion=fusion)
    batch = full_batch(config)
    weights = detailed_model(random_model(config))(batch)["modality_weights"].numpy()
    assert (weights[:, 0] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("modalities", [("text",), ("image", "audio")], ids="+".join)
def test_it_is_saved_and_its_classifier_excludes_as_well(modalities, tmp_path):
    config = with_modalities(*modalities)
    model, batch = random_model(config), full_batch(config)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(batch), model(batch))
    # One row for each subset, and a last one with nothing.
    presence = np.array([*map(subset_mask, SUBSETS), [False] * 3])
    features = feature_model(loaded).predict(batch, verbose=0)
    answers = classifier(loaded).predict({**features, "presence": presence}, verbose=0)
    expected = model({**batch, "presence": presence})
    np.testing.assert_allclose(answers["logits"], expected, atol=1e-5)


def test_it_trains_without_a_warning(recwarn):
    config = with_modalities("text", fusion="concat")
    model = build_model(config, num_outputs=3)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    labels = np.array([0, 1, 2, 0])
    history = model.fit(random_batch(config, 4), labels, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert not [w for w in recwarn if "Gradients do not exist" in str(w.message)]

from dataclasses import replace

import keras
import numpy as np
import pytest

from mmtf import presets
from mmtf.config import ModelConfig
from mmtf.features import MODALITIES, SUBSETS, subset_mask
from mmtf.model import build_model, classifier, detailed_model, feature_model
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import FUSIONS, random_model, tiny, with_other_absent

PARTS = ("text_encoder", "image_encoder", "audio_encoder", "fusion", "logits")
every_fusion = pytest.mark.parametrize("fusion", FUSIONS)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize(
    "names",
    [("concat", "birnn", "crnn"), ("gated", "bert", "crnn"), ("attention",)],
    ids="-".join,
)
def test_saved_model_answers_the_same(names, policy, tmp_path, dtype_policy):
    dtype_policy(policy)
    model = random_model(tiny(*names))
    batch = random_batch(tiny(*names), 4)
    classifier(model), detailed_model(model)  # what shares its layers leaves it alone
    model.save(tmp_path / "model.keras")
    dtype_policy("float32")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.output.dtype == "float32"
    np.testing.assert_array_equal(loaded(batch), model(batch))


@pytest.fixture
def dtype_policy():
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@every_fusion
def test_training_step_is_finite_and_without_warning(fusion, recwarn):
    # Dropout by chance could take a modality, and its gradients, from every row.
    config = replace(tiny(fusion), modality_dropout=0.0)
    keras.utils.set_random_seed(3)
    model = build_model(config, num_outputs=3)
    parts = [model.get_layer(name) for name in PARTS]
    before = [[weight.numpy() for weight in part.weights] for part in parts]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, jit_compile="auto")
    batch = with_other_absent(random_batch(config, 4), random_batch(config, 4, seed=1))
    history = model.fit(batch, np.array([0, 1, 2, 0]), verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    for part, old in zip(parts, before, strict=True):
        new = [weight.numpy() for weight in part.weights]
        assert all(np.isfinite(weight).all() for weight in new), part.name
        assert not all(map(np.array_equal, old, new)), part.name
    assert not [w for w in recwarn if "Gradients do not exist" in str(w.message)]


def test_training_loses_modalities_and_inference_does_not():
    config = replace(tiny("concat"), modality_dropout=0.9, dropout=0.0)
    config = replace(config, text=replace(config.text, dropout=0.0))
    model = random_model(config)
    batch = random_batch(config, 8)
    at_rest = [model(batch).numpy() for _ in range(2)]
    np.testing.assert_array_equal(*at_rest)
    assert np.abs(model(batch, training=True) - at_rest[0]).max() > 1e-3


def test_parts_have_names_and_logits_are_float32(dtype_policy):
    dtype_policy("mixed_bfloat16")
    model = build_model(tiny(), num_outputs=3)
    assert {*PARTS, "modality_dropout"} <= {layer.name for layer in model.layers}
    assert (model.name, model.output.dtype) == ("mmtf", "float32")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model.keras"
    random_model(tiny()).save(path)
    return keras.saving.load_model(path)


def test_classifier_answers_as_the_model_for_any_presence(loaded):
    batch = random_batch(tiny(), 7)
    batch["presence"][:] = True
    features = feature_model(loaded).predict(batch, verbose=0)
    assert [features[m].shape for m in MODALITIES] == [(7, 16), (7, 16), (7, 16)]
    presence = np.array([subset_mask(subset) for subset in SUBSETS])
    answers = classifier(loaded).predict({**features, "presence": presence}, verbose=0)
    expected = loaded.predict({**batch, "presence": presence}, verbose=0)
    np.testing.assert_allclose(answers["logits"], expected, atol=1e-5)


def test_details_go_with_the_logits(loaded):
    batch = random_batch(tiny(), 4)
    details = detailed_model(loaded)(batch)
    np.testing.assert_allclose(details["logits"], loaded(batch), atol=1e-6)
    np.testing.assert_allclose(
        loaded.get_layer("logits")(details["embedding"]), details["logits"], atol=1e-5
    )
    assert details["embedding"].shape == (4, 16)
    np.testing.assert_allclose(
        np.sum(details["modality_weights"], axis=1), [0, 1, 1, 1], atol=1e-6
    )


def test_details_are_float32_in_mixed_precision(dtype_policy):
    dtype_policy("mixed_bfloat16")
    model = build_model(tiny(), num_outputs=3)
    for make in (detailed_model, classifier):
        assert {x.dtype for x in make(model).output.values()} == {"float32"}


@pytest.mark.large
def test_base_preset_has_the_widths_of_its_papers():
    model = build_model(presets.base().model, num_outputs=3)
    widths = [feature_model(model).output[m].shape[-1] for m in MODALITIES]
    assert widths == [768, 2048, 1024]


@pytest.mark.parametrize("name", ["small", "cnn_rnn"])
def test_presets_build(name):
    config = presets.preset(name).model
    assert isinstance(config, ModelConfig)
    assert build_model(config, num_outputs=5).output.shape == (None, 5)

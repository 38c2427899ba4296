from dataclasses import replace
from itertools import product

import keras
import numpy as np
import pytest

from mmtf import presets
from mmtf.config import ImageConfig, ModelConfig
from mmtf.features import MODALITIES, SUBSETS, subset_mask
from mmtf.model import build_model, classifier, detailed_model, feature_model
from tests.mmtf.check_layer import randomise
from tests.mmtf.random_batch import random_batch

FUSIONS = ("concat", "gated", "attention")
PARTS = ("text_encoder", "image_encoder", "audio_encoder", "fusion", "logits")
KEYS = {
    "text": ("token_ids", "padding_mask", "segment_ids"),
    "image": ("image",),
    "audio": ("waveform", "waveform_length"),
}


def tiny(fusion="attention", text="bert", audio="conv_tasnet", image="cnn"):
    config = presets.tiny().model
    resnet50 = ImageConfig(size=32)
    return replace(
        config,
        fusion=fusion,
        text=replace(config.text, encoder=text),
        audio=replace(config.audio, encoder=audio, filters=(3, 4)),
        image=config.image if image == "cnn" else resnet50,
    )


def random_model(config):
    model = build_model(config, num_outputs=3)
    if config.image.encoder == "cnn":  # random norms make a ResNet's features vast
        randomise(model)
    return model


every_combination = pytest.mark.parametrize(
    "config",
    [
        tiny(*names)
        for names in product(FUSIONS, ("bert", "birnn"), ("conv_tasnet", "crnn"))
    ]
    + [
        pytest.param(tiny(fusion, image="resnet50"), marks=pytest.mark.large)
        for fusion in FUSIONS
    ],
    ids=lambda c: f"{c.fusion}-{c.text.encoder}-{c.image.encoder}-{c.audio.encoder}",
)
every_fusion = pytest.mark.parametrize("fusion", FUSIONS)


def with_other_padding(batch, other):
    tokens = batch["padding_mask"] == 1
    samples = np.arange(batch["waveform"].shape[1]) < batch["waveform_length"][:, None]
    changed = dict(batch)
    for key in ("token_ids", "segment_ids"):
        changed[key] = np.where(tokens, batch[key], other[key])
    changed["waveform"] = np.where(samples, batch["waveform"], np.float32(np.nan))
    return changed


def with_other_absent(batch, other):
    changed = dict(batch)
    for index, modality in enumerate(MODALITIES):
        present = batch["presence"][:, index]
        for key in KEYS[modality]:
            axes = (-1, *(1,) * (batch[key].ndim - 1))
            changed[key] = np.where(present.reshape(axes), batch[key], other[key])
    changed["image"][~batch["presence"][:, 1]] = np.nan
    return changed


@every_combination
def test_padding_and_absent_modalities_change_nothing(config):
    model = random_model(config)
    batch, other = random_batch(config, 8), random_batch(config, 8, seed=1)
    logits = model(batch).numpy()
    assert np.isfinite(logits).all()  # row 0 has no modality
    assert np.ptp(logits, axis=0).max() > 1e-3
    for change in (with_other_padding, with_other_absent):
        np.testing.assert_allclose(model(change(batch, other)), logits, atol=1e-5)


@every_fusion
def test_every_present_modality_changes_the_answer(fusion):
    config = tiny(fusion)
    model = random_model(config)
    batch, other = random_batch(config, 4), random_batch(config, 4, seed=1)
    batch["presence"][:] = True
    for modality in MODALITIES:
        changed = {**batch, **{key: other[key] for key in KEYS[modality]}}
        assert np.abs(model(batch) - model(changed)).max(axis=1).min() > 1e-5


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
    config = tiny(fusion)
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

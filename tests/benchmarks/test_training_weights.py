import dataclasses

import keras
import numpy as np
import pytest

from benchmarks.training.inputs import random_batch
from benchmarks.training.mmtf_model import build, scatter
from benchmarks.training.mmtf_weights import twin_weights
from benchmarks.training.named_weights import Weights
from tests.benchmarks.training_models import CONFIG


def batch(part):
    return random_batch(part, dataclasses.asdict(CONFIG.model), 4, seed=0)


@pytest.fixture(scope="module")
def whole():
    keras.utils.set_random_seed(1)
    return build("whole", CONFIG, 3)


def test_all_weights_are_carried_over_once(whole):
    state = twin_weights(whole)

    num_carried = sum(array.size for array in state.values())
    assert num_carried == whole.count_params()
    assert state["encoders.text.bert.encoder.layer.1.output.dense.weight"].shape == (
        (8, 12)
    )
    assert state["encoders.audio.blocks.3.depthwise.weight"].shape == (6, 1, 3)
    assert state["fusion.layers.1.narrow.weight"].shape == (12, 48)


def test_a_part_has_the_names_that_it_has_in_the_whole(whole):
    part = twin_weights(build("audio", CONFIG, 3))

    assert set(part) - set(twin_weights(whole)) == set()
    assert {name.partition(".")[0] for name in part} == {"encoders", "logits"}


def test_scattered_weights_tell_rows_and_each_other_apart(whole):
    scatter(whole, batch("image")["image"], seed=1)

    assert all(np.asarray(w).std() > 0 or w.shape == (1, 1) for w in whole.weights)
    logits = whole(batch("whole"), training=False).numpy()
    assert np.isfinite(logits).all() and np.abs(logits).max() < 100
    assert logits.std(axis=0).min() > 0.01


def test_weights_are_taken_by_path_or_in_order():
    weights = Weights({"a/kernel": np.ones(1), "b/kernel": np.ones(2), "b/bias": 3})

    assert weights.take("b/kernel").shape == (2,)
    assert weights.upcoming() == "kernel"
    with pytest.raises(ValueError, match=r"nothing like \['a/kernel', 'b/bias'\]"):
        weights.require_none_left()
    assert weights.next("kernel", "bias") == (1, 3)
    weights.require_none_left()


def test_a_weight_that_is_not_there_is_named():
    weights = Weights({"a/gamma": np.ones(1)})

    with pytest.raises(ValueError, match=r"needs 'a/kernel'. Left are \['a/gamma'\]"):
        weights.take("a/kernel")
    with pytest.raises(ValueError, match=r"needs a 'beta' next of \['a/gamma'\]"):
        weights.next("beta")

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmtf.evaluation.shapley import COALITIONS, EMPTY, FULL
from mmtf.explain import shapley_values
from mmtf.features import MODALITIES

ALL = np.ones((1, 3), bool)


def values_of(scores, presence=ALL):
    return np.asarray(shapley_values(np.asarray(scores, np.float32), presence))


def test_the_weights_to_the_letter():
    """Orders of three, by hand: a modality comes first or last in two of six, and
    between the others in one of six each way."""
    text, image, audio = 0.1, 0.2, 0.4
    text_image, text_audio, image_audio = 0.7, 0.5, 0.9
    full, empty = 1.5, 0.05
    scores = np.reshape(
        [text, image, audio, text_image, text_audio, image_audio, full, empty],
        (8, 1, 1),
    )
    expected = (
        (text - empty) / 3
        + (text_image - image) / 6
        + (text_audio - audio) / 6
        + (full - image_audio) / 3
    )
    assert values_of(scores)[0, 0, 0] == pytest.approx(expected, abs=1e-6)


def test_what_only_two_can_do_together_they_share():
    scores = [[[{"text", "audio"} <= set(subset)]] for subset in COALITIONS]
    assert values_of(scores)[0, :, 0].tolist() == pytest.approx([0.5, 0, 0.5])


def average_over_orders(scores, row, output):
    shares = dict.fromkeys(MODALITIES, 0.0)
    for order in permutations(MODALITIES):
        for index, modality in enumerate(order):
            with_it, without = (
                COALITIONS.index(tuple(m for m in MODALITIES if m in order[:end]))
                for end in (index + 1, index)
            )
            difference = scores[with_it, row, output] - scores[without, row, output]
            shares[modality] += difference / 6
    return list(shares.values())


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_any_scores_are_shared_as_on_average_over_all_orders(seed, rows, outputs):
    scores = np.random.default_rng(seed).random((8, rows, outputs))
    values = values_of(scores, np.ones((rows, 3), bool))

    np.testing.assert_allclose(values.sum(1), scores[FULL] - scores[EMPTY], atol=1e-5)
    expected = average_over_orders(scores, rows - 1, outputs - 1)
    np.testing.assert_allclose(values[-1, :, -1], expected, atol=1e-6)


def test_an_absent_modality_has_exactly_nothing():
    scores = np.random.default_rng(1).random((8, 1, 2))
    values = values_of(scores, np.array([[True, False, True]]))
    assert values[0, 1].tolist() == [0.0, 0.0]
    assert (values[0, [0, 2]] != 0).all()

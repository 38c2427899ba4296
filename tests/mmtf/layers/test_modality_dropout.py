import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mmtf.layers import ModalityDropout

EVERY_PRESENCE = np.array(list(np.ndindex(2, 2, 2)), bool)


def test_inference_changes_nothing():
    layer = ModalityDropout(0.9, seed=0)
    np.testing.assert_array_equal(layer(EVERY_PRESENCE), EVERY_PRESENCE)


@settings(max_examples=20, deadline=None)
@given(rate=st.floats(0, 0.999), seed=st.integers(0, 2**31 - 1))
def test_nothing_appears_and_something_stays(rate, seed):
    presence = np.tile(EVERY_PRESENCE, (50, 1))
    kept = ModalityDropout(rate, seed=seed)(presence, training=True).numpy()
    assert not (kept & ~presence).any()
    np.testing.assert_array_equal(kept.any(axis=1), presence.any(axis=1))


def test_share_of_losses_by_hand():
    # One of three is lost when its draw is below the rate p, unless it is also the
    # largest of the three, which has the chance p^3 / 3.
    presence = np.ones((30000, 3), bool)
    kept = ModalityDropout(0.5, seed=1)(presence, training=True).numpy()
    np.testing.assert_allclose(1 - kept.mean(axis=0), 0.5 - 0.5**3 / 3, atol=0.01)


def test_modalities_are_lost_independently():
    presence = np.ones((30000, 3), bool)
    kept = ModalityDropout(0.2, seed=2)(presence, training=True).numpy()
    both = (~kept[:, 0] & ~kept[:, 1]).mean()
    np.testing.assert_allclose(both, 0.2**2, atol=0.005)


def test_seed_repeats_the_draws():
    presence = np.ones((20, 3), bool)
    first, second = (ModalityDropout(0.5, seed=3) for _ in range(2))
    for _ in range(2):
        np.testing.assert_array_equal(
            first(presence, training=True), second(presence, training=True)
        )
    assert (first(presence, training=True) != second(presence)).numpy().any()

"""What holds for every fusion."""

import numpy as np
import pytest

from mmtf.features import SUBSETS, subset_mask
from mmtf.fusion import AttentionFusion, ConcatFusion, GatedFusion
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
PRESENCE = np.array([subset_mask(subset) for subset in ((), *SUBSETS)])
FEATURES = [rng.normal(size=(8, dim)).astype("float32") for dim in (4, 6, 2)]


@pytest.fixture(params=["concat", "gated", "attention"])
def fusion(request):
    layer = {
        "concat": lambda: ConcatFusion(8),
        "gated": lambda: GatedFusion(8),
        "attention": lambda: AttentionFusion(8, num_layers=2, num_heads=2),
    }[request.param]()
    layer.build([(None, 4), (None, 6), (None, 2)], (None, 3))
    randomise(layer)
    return layer


def test_weights_sum_to_one_over_the_modalities_present(fusion):
    _, weights = fusion(FEATURES, PRESENCE)
    expected = PRESENCE.any(axis=1).astype("float32")
    np.testing.assert_allclose(np.sum(weights, axis=1), expected, atol=1e-6)
    assert (weights.numpy()[PRESENCE] > 0).all()
    assert not weights.numpy()[~PRESENCE].any()


@pytest.mark.parametrize("garbage", [1e6, np.inf, np.nan])
def test_what_is_absent_has_no_effect(fusion, garbage):
    changed = [
        np.where(PRESENCE[:, [index]], feature, garbage).astype("float32")
        for index, feature in enumerate(FEATURES)
    ]
    for before, after in zip(
        fusion(FEATURES, PRESENCE), fusion(changed, PRESENCE), strict=True
    ):
        assert np.isfinite(before).all()
        np.testing.assert_array_equal(before, after)


def test_what_is_present_has_an_effect(fusion):
    for index in range(3):
        changed = list(FEATURES)
        changed[index] = rng.normal(size=FEATURES[index].shape).astype("float32")
        before, after = fusion(FEATURES, PRESENCE)[0], fusion(changed, PRESENCE)[0]
        moved = np.abs(before - after).max(axis=1) > 1e-4
        np.testing.assert_array_equal(moved, PRESENCE[:, index])


def test_presence_itself_has_an_effect(fusion):
    same_features = [feature[:1].repeat(8, axis=0) for feature in FEATURES]
    vectors = fusion(same_features, PRESENCE)[0].numpy()
    assert len(np.unique(vectors.round(4), axis=0)) == len(PRESENCE)


def test_rows_do_not_depend_on_each_other(fusion):
    together, _ = fusion(FEATURES, PRESENCE)
    alone, _ = fusion([feature[3:4] for feature in FEATURES], PRESENCE[3:4])
    np.testing.assert_allclose(together[3:4], alone, atol=1e-5)

import numpy as np

from mmtf.layers import TransformerLayer
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
TOKENS = rng.normal(size=(2, 3, 4)).astype("float32")
TOKEN_MASK = np.array([[True, False, True], [False, False, False]])


def built():
    layer = TransformerLayer(2, 8)
    layer.build((None, 3, 4), (None, 3))
    randomise(layer)
    return layer


def test_masked_tokens_reach_no_other():
    layer = built()
    changed = TOKENS.copy()
    changed[0, 1, 0] = 50.0
    before, after = layer(TOKENS, TOKEN_MASK), layer(changed, TOKEN_MASK)
    np.testing.assert_allclose(before[0, ::2], after[0, ::2], atol=1e-6)
    assert np.abs(before[0, 1] - after[0, 1]).max() > 1


def test_valid_tokens_reach_each_other():
    layer = built()
    changed = TOKENS.copy()
    changed[0, 2, 0] += 1.0
    before, after = layer(TOKENS, TOKEN_MASK), layer(changed, TOKEN_MASK)
    assert np.abs(before[0, 0] - after[0, 0]).max() > 1e-3


def test_no_token_to_attend_to_is_finite():
    assert np.isfinite(built()(TOKENS, TOKEN_MASK)).all()

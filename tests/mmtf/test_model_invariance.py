"""What may change a model's answer, and what may not."""

from itertools import product

import numpy as np
import pytest

from mmtf.features import MODALITIES
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import (
    FUSIONS,
    KEYS,
    random_model,
    tiny,
    with_other_absent,
    with_other_padding,
)

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


@every_combination
def test_padding_and_absent_modalities_change_nothing(config):
    model = random_model(config)
    batch, other = random_batch(config, 8), random_batch(config, 8, seed=1)
    logits = model(batch).numpy()
    assert np.isfinite(logits).all()  # row 0 has no modality
    assert np.ptp(logits, axis=0).max() > 1e-3
    for change in (with_other_padding, with_other_absent):
        np.testing.assert_allclose(model(change(batch, other)), logits, atol=1e-5)


@pytest.mark.parametrize("fusion", FUSIONS)
def test_every_present_modality_changes_the_answer(fusion):
    config = tiny(fusion)
    model = random_model(config)
    batch, other = random_batch(config, 4), random_batch(config, 4, seed=1)
    batch["presence"][:] = True
    for modality in MODALITIES:
        changed = {**batch, **{key: other[key] for key in KEYS[modality]}}
        assert np.abs(model(batch) - model(changed)).max(axis=1).min() > 1e-5

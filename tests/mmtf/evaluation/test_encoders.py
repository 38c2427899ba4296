import numpy as np
import pytest

from mmtf import presets
from mmtf.evaluation.encoders import Encoders
from mmtf.features import MODALITIES
from mmtf.model import feature_model
from tests.mmtf.first_losses import random_rows
from tests.mmtf.tiny_model import KEYS, random_model

CONFIG = presets.tiny()


@pytest.fixture(scope="module")
def model():
    return random_model(CONFIG.model)


def test_a_split_is_encoded_row_by_row(model):
    rows, counts = random_rows(CONFIG, rows=7), []
    encoded = Encoders(model, (), advance=counts.append).encode(rows.batch(3))
    ((batch, labels),) = rows.batch(7)
    for modality, features in feature_model(model).predict(batch, verbose=0).items():
        np.testing.assert_allclose(encoded.features[modality], features, atol=1e-5)
    np.testing.assert_array_equal(encoded.labels, labels)
    np.testing.assert_array_equal(encoded.presence, batch["presence"])
    assert counts == [3, 3, 1]


@pytest.mark.parametrize("modality", MODALITIES)
def test_one_modality_needs_nothing_of_the_others(model, modality):
    rows, counts = random_rows(CONFIG, rows=7), []
    encoders = Encoders(model, (modality,), advance=counts.append)
    own = rows.map(
        lambda batch, label: (
            {key: batch[key] for key in (*KEYS[modality], "presence")},
            label,
        )
    )
    alone = encoders.encode_one(own.batch(3), modality)
    together = encoders.encode(rows.batch(3)).features[modality]
    np.testing.assert_allclose(alone, together, atol=1e-6)
    assert counts == [3, 3, 1] * 2

import numpy as np
import pytest

from mmtf import presets
from mmtf.config import Labels
from mmtf.evaluation import evaluate, predict_subsets
from mmtf.features import SUBSETS, subset_mask, subset_name
from mmtf.model import build_model
from tests.mmtf.first_losses import random_rows


@pytest.fixture(scope="module")
def model():
    return build_model(presets.tiny().model, num_outputs=3)


@pytest.mark.parametrize("subset", SUBSETS)
def test_a_subset_is_the_model_with_less_presence(model, subset):
    rows = random_rows(presets.tiny(), rows=7)
    predictions = predict_subsets(model, rows.batch(4))
    batch, labels = next(iter(rows.batch(7)))
    batch["presence"] &= np.array(subset_mask(subset))
    expected = model.predict(batch, verbose=0)
    np.testing.assert_allclose(
        predictions.logits[subset_name(subset)], expected, atol=1e-5
    )
    np.testing.assert_array_equal(predictions.labels, labels)


def test_an_evaluation_counts_every_row_and_names_every_subset(model):
    dataset = random_rows(presets.tiny(), rows=7).batch(4)
    metrics = evaluate(model, dataset, Labels(class_names=("a", "b", "c")))
    assert metrics["examples"] == 7
    assert list(metrics["subsets"]) == [subset_name(subset) for subset in SUBSETS]
    full = metrics["subsets"]["text+image+audio"]
    assert {key: metrics[key] for key in full} == full

import numpy as np
import pytest
from keras import ops

from mmtf.evaluation.shapley import COALITIONS
from mmtf.explain import explain_modalities
from mmtf.features import MODALITIES
from mmtf.model import classifier, detailed_model, feature_model
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import FUSIONS, random_model, tiny


@pytest.fixture(scope="module", params=FUSIONS)
def explained(request):
    """A model of each fusion, rows with any presence, and what is said of them."""
    config = tiny(request.param)
    model, batch = random_model(config), random_batch(config, 6)
    batch["presence"][1] = True
    features = feature_model(model)(batch)
    answer = explain_modalities(
        classifier(model), features, batch["presence"], score=ops.softmax
    )
    return model, batch, {key: np.asarray(value) for key, value in answer.items()}


def test_contributions_add_up_to_full_minus_empty(explained):
    model, batch, answer = explained
    details = detailed_model(model)(batch)
    nothing = {**batch, "presence": np.zeros_like(batch["presence"])}

    full, empty = (ops.softmax(model(rows)) for rows in (batch, nothing))
    np.testing.assert_allclose(answer["scores"], full, atol=1e-5)
    np.testing.assert_allclose(answer["base_scores"], empty, atol=1e-5)
    total = answer["contributions"].sum(axis=1)
    np.testing.assert_allclose(total, full - empty, atol=1e-5)
    np.testing.assert_allclose(
        answer["modality_weights"], details["modality_weights"], atol=1e-5
    )


def test_only_what_is_present_contributes(explained):
    _, batch, answer = explained
    contributions = answer["contributions"]
    assert contributions.shape == (6, 3, 3)
    assert not contributions[~batch["presence"]].any()
    assert contributions[1].any(axis=-1).all()


def test_each_row_is_answered_on_each_subset_by_itself():
    """A stand-in whose answer tells which row it was asked about, seeing what."""

    def classify(inputs):
        seen = ops.cast(inputs["presence"], "float32")
        logits = ops.matmul(seen, [[1.0], [2.0], [4.0]]) + inputs["text"]
        return {"logits": logits, "modality_weights": seen}

    features = dict.fromkeys(MODALITIES, ops.convert_to_tensor([[10.0], [20.0]]))
    presence = np.array([[True, True, True], [False, True, True]])
    answer = explain_modalities(classify, features, presence, score=lambda x: x)

    assert len(COALITIONS) == 8
    assert np.asarray(answer["scores"]).tolist() == [[17.0], [26.0]]
    assert np.asarray(answer["base_scores"]).tolist() == [[10.0], [20.0]]
    expected = [[1.0, 2.0, 4.0], [0.0, 2.0, 4.0]]
    np.testing.assert_allclose(answer["contributions"][..., 0], expected, atol=1e-5)
    assert np.asarray(answer["modality_weights"]).tolist() == presence.tolist()

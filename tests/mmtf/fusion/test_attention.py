import numpy as np

from mmtf.fusion import AttentionFusion
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
FEATURES = [rng.normal(size=(2, 4)).astype("float32") for _ in range(3)]


def built(**arguments):
    layer = AttentionFusion(8, num_heads=2, **arguments)
    layer.build([(None, 4)] * 3, (None, 3))
    return layer


def test_untrained_query_weighs_the_present_evenly():
    presence = np.array([[True, True, True], [True, False, True]])
    _, weights = built()(FEATURES, presence)
    np.testing.assert_allclose(weights, [[1 / 3] * 3, [0.5, 0, 0.5]], rtol=1e-6)


def test_weights_are_the_attention_of_the_query():
    layer = built(num_layers=0)
    randomise(layer)
    presence = np.ones((2, 3), bool)
    tokens = layer.final_norm(layer._tokens(FEATURES, presence)).numpy()
    scores = np.exp(tokens @ layer.query.numpy() / np.sqrt(8))
    expected = scores / scores.sum(axis=1, keepdims=True)
    vector, weights = layer(FEATURES, presence)
    np.testing.assert_allclose(weights, expected, rtol=1e-4)
    np.testing.assert_allclose(
        vector, (expected[..., None] * tokens).sum(axis=1), atol=1e-5
    )


def test_learned_vector_stands_for_a_row_with_nothing():
    layer = built()
    randomise(layer)
    vector, weights = layer(FEATURES, np.zeros((2, 3), bool))
    np.testing.assert_array_equal(vector, [layer.absent.numpy()] * 2)
    assert not weights.numpy().any()


def test_same_feature_means_something_else_in_another_modality():
    layer = built()
    randomise(layer)
    for project in layer.projections[1:]:
        project.set_weights(layer.projections[0].get_weights())
    text, image = (
        layer([FEATURES[0]] * 3, np.tile(np.eye(3, dtype=bool)[index], (2, 1)))[0]
        for index in range(2)
    )
    assert np.abs(text - image).min(axis=1).max() > 1e-3


def test_dropout_works_in_training_only():
    layer = built(dropout=0.5)
    randomise(layer)
    presence = np.ones((2, 3), bool)
    at_rest = [layer(FEATURES, presence)[0].numpy() for _ in range(2)]
    np.testing.assert_array_equal(*at_rest)
    trained, _ = layer(FEATURES, presence, training=True)
    assert np.abs(trained - at_rest[0]).max() > 1e-3

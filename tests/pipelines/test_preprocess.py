import numpy as np
import pytest
import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf import presets
from mmtf.features import input_specs
from pipelines.preprocess import Preprocessor, presence
from pipelines.text import SPECIAL_TOKENS
from tests.pipelines.media_samples import image_bytes, wav_bytes

ROWS = {
    "text": ["good", "", " \n", "good good"],
    "image": [b"", image_bytes(np.full((40, 30, 3), 7)), b"", b""],
    "audio": [wav_bytes(np.full(100, 0.5)), b"", b"", wav_bytes([0.25])],
}


@pytest.fixture(scope="module")
def preprocessor():
    tokenizer = BertTokenizer(vocabulary=[*SPECIAL_TOKENS, "good"], lowercase=True)
    return Preprocessor(presets.tiny().model, tokenizer)


def test_a_batch_keeps_the_contract_of_features(preprocessor):
    batch = preprocessor.batch(**{key: tf.constant(v) for key, v in ROWS.items()})
    for key, (shape, dtype) in input_specs(presets.tiny().model).items():
        assert batch[key].shape == (4, *shape)
        assert batch[key].dtype == dtype
    assert batch["presence"].numpy().tolist() == [
        [True, False, True],
        [False, True, False],
        [False, False, False],
        [True, False, True],
    ]


def test_a_batch_in_a_graph_equals_the_eager_one(preprocessor):
    rows = {key: tf.constant(value) for key, value in ROWS.items()}
    eager, graph = preprocessor.batch(**rows), tf.function(preprocessor.batch)(**rows)
    for key, value in eager.items():
        np.testing.assert_array_equal(value, graph[key])


def test_rows_in_tf_data_equal_the_batch(preprocessor):
    batch = preprocessor.batch(**{key: tf.constant(v) for key, v in ROWS.items()})
    rows = tf.data.Dataset.from_tensor_slices(ROWS).map(
        lambda row: preprocessor.media(row["image"], row["audio"])
    )
    for key, value in next(iter(rows.batch(4))).items():
        np.testing.assert_array_equal(value, batch[key])


def test_presence_of_one_row():
    assert presence(tf.constant(" "), tf.constant("i"), tf.constant("")).numpy(
    ).tolist() == [False, True, False]  # fmt: skip

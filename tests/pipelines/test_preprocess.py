from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf import presets
from mmtf.features import input_specs
from pipelines.preprocess import Preprocessor, presence
from pipelines.text import SPECIAL_TOKENS
from tests.pipelines.damaged_images import BOMBS
from tests.pipelines.media_samples import image_bytes, wav_bytes
from tests.pipelines.wav_files import chunk, format_chunk, pcm16, riff

TEN_HOURS = riff(format_chunk(), chunk(b"data", pcm16(1, 2), size=36000 * 32000))
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


@pytest.mark.parametrize("mode", ["absent", "error"])
def test_a_batch_in_a_graph_equals_the_eager_one(preprocessor, served, mode):
    rows = {key: tf.constant(value) for key, value in ROWS.items()}
    eager, graph = preprocessor.batch(**rows, on_bad_media=mode), served[mode](**rows)
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


def test_media_of_other_formats_are_rows_too(preprocessor):
    audio = wav_bytes(np.full((4410, 2), 0.5), sample_rate_hz=44100, subtype="PCM_24")
    image = image_bytes(np.full((40, 30, 3), 7), format="GIF")
    batch = preprocessor.batch([""], [image], [audio])

    assert batch["presence"].numpy().tolist() == [[False, True, True]]
    assert batch["waveform_length"].numpy().tolist() == [1600]
    np.testing.assert_allclose(batch["waveform"][0, 100:1500], 0.5, atol=1e-4)


BROKEN = {"image": image_bytes(np.full((40, 30, 3), 7))[:60], "audio": b"RIFF"}


@pytest.mark.parametrize("modality", BROKEN)
def test_broken_media_count_as_absent_or_fail(served, modality):
    rows = {key: [ROWS[key][0], b"", b""] for key in ROWS}
    rows[modality] = [b"", BROKEN[modality], b""]
    rows = {key: tf.constant(value) for key, value in rows.items()}

    assert not served["absent"](**rows)["presence"][1:].numpy().any()
    message = f"{modality}.*row[_ ]1"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        served["error"](**rows)


@pytest.fixture(scope="module")
def served(preprocessor):
    def trace(mode):
        batch = partial(preprocessor.batch, on_bad_media=mode)
        signature = [tf.TensorSpec([None], tf.string)] * 3
        return tf.function(batch, input_signature=signature, autograph=False)

    return {mode: trace(mode) for mode in ("absent", "error")}


@pytest.mark.parametrize("mode", ["absent", "error"])
@pytest.mark.parametrize(
    ("modality", "data", "message"),
    [
        ("text", b"x" * 10**8, "1048576 bytes. Received: 100000000 in row 1"),
        ("image", BOMBS["png"], "megapixels. Received: 8001 x 8000 pixels in row 1"),
        ("audio", TEN_HOURS, "seconds. Received: .* claims 36000 seconds in row 1"),
    ],
)
def test_too_much_is_refused_whatever_is_done_about_broken_media(
    served, mode, modality, data, message
):
    rows = {key: tf.constant([b"", data if key == modality else b""]) for key in ROWS}

    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        served[mode](**rows)

"""The written signatures, in the C++ session of servers."""

import os
from itertools import permutations

import keras
import numpy as np
import pytest

from benchmarks.training import memory
from export.golden import NUM_SUBSETS, golden_rows
from export.protocol import DataType
from export.runtime import SavedModelSession, StatusError
from mmtf.features import MODALITIES, SUBSETS, subset_name
from mmtf.model import detailed_model
from mmtf.run import open_run
from pipelines import schema
from pipelines.media import prepare_audio
from pipelines.preprocess import Preprocessor
from pipelines.text import load_tokenizer
from tests.export.conftest import TEMPERATURE, predict_logits
from tests.pipelines.damaged_images import BOMBS, DAMAGED
from tests.pipelines.media_samples import wav_bytes
from tests.pipelines.wav_files import chunk, format_chunk, pcm16, riff

TEN_HOURS = riff(format_chunk(), chunk(b"data", pcm16(1, 2), size=36000 * 32000))


@pytest.fixture(scope="module")
def strict(strict_model):
    session = SavedModelSession(os.path.join(strict_model, "1"))
    yield session
    session.close()


@pytest.fixture(scope="module")
def regression(regression_model):
    session = SavedModelSession(os.path.join(regression_model, "1"))
    yield session
    session.close()


def strings(*values):
    return np.array(values, object)


def shapes_of(session, signature):
    outputs = session.signatures[signature].outputs
    return {
        key: (DataType.Name(info.dtype), [dim.size for dim in info.tensor_shape.dim])
        for key, info in outputs.items()
    }


def test_outputs_have_rows_first_and_types_that_rest_can_write(session):
    scored = {"classes": ("DT_STRING", [-1, 4]), "scores": ("DT_FLOAT", [-1, 4])}
    weights = {"modality_weights": ("DT_FLOAT", [-1, 3])}
    presence = {"presence": ("DT_BOOL", [-1, 3])}

    assert shapes_of(session, "serving_default") == {**scored, **weights, **presence}
    assert shapes_of(session, "explain") == {
        **scored, **weights, **presence,
        "base_scores": ("DT_FLOAT", [-1, 4]),
        "contributions": ("DT_FLOAT", [-1, 3, 4]),
    }  # fmt: skip
    assert shapes_of(session, "tensors") == {**scored, **weights}
    assert shapes_of(session, "examples") == scored
    embedding = {"embedding": ("DT_FLOAT", [-1, 16])}
    assert shapes_of(session, "embed") == {**embedding, **presence}


def test_outputs_of_a_regression(regression):
    value, weights = ("DT_FLOAT", [-1, 1]), ("DT_FLOAT", [-1, 3])

    assert shapes_of(regression, "tensors") == {
        "value": value, "modality_weights": weights,
    }  # fmt: skip
    assert shapes_of(regression, "examples") == {"outputs": value}
    explained = shapes_of(regression, "explain")
    assert (explained["value"], explained["base_value"]) == (value, value)
    assert explained["contributions"] == ("DT_FLOAT", [-1, 3, 1])


def test_servers_that_check_it_find_the_method(session, regression):
    names = {key: s.method_name for key, s in session.signatures.items()}

    predict = "tensorflow/serving/predict"
    for signature in ("serving_default", "explain", "tensors", "embed"):
        assert names[signature] == predict
    assert names["examples"] == "tensorflow/serving/classify"
    name = regression.signatures["examples"].method_name
    assert name == "tensorflow/serving/regress"


def test_answers_equal_those_of_predict(session, rows, predicted):
    outputs = session.run("serving_default", rows)

    scores = keras.ops.softmax(predicted).numpy()
    np.testing.assert_allclose(outputs["scores"], scores, atol=1e-4)
    assert len(np.unique(scores.round(3), axis=0)) > 4  # not all rows alike
    names = [name.decode() for name in outputs["classes"][5]]
    assert names == ["schlecht", "mäßig", "gut", "sehr gut"]


def test_scores_are_calibrated_and_weights_are_not(session, strict, rows, predicted):
    scores = keras.ops.softmax(predicted / TEMPERATURE).numpy()
    outputs = strict.run("serving_default", rows)
    explained = strict.run("explain", rows)

    for received in (outputs["scores"], explained["scores"]):
        np.testing.assert_allclose(received, scores, atol=1e-4)
    none = scores[NUM_SUBSETS - 1]
    np.testing.assert_allclose(explained["base_scores"], [none] * 16, atol=1e-4)
    weights = session.run("serving_default", rows)["modality_weights"]
    np.testing.assert_allclose(outputs["modality_weights"], weights, atol=1e-5)


@pytest.mark.parametrize("signature", ["serving_default", "explain", "embed"])
def test_a_row_alone_is_answered_as_beside_others(session, rows, signature):
    """Alone, the encoders of what it lacks do not run."""
    together = session.run(signature, rows)
    for index in range(NUM_SUBSETS):
        alone = {key: values[index : index + 1] for key, values in rows.items()}
        for name, value in session.run(signature, alone).items():
            expected = together[name][index : index + 1]
            if value.dtype == object:
                assert value.tolist() == expected.tolist()
            else:
                np.testing.assert_allclose(value, expected, atol=1e-5)


def served_on_subsets(served, rows, output):
    """By modalities, in any order, what a row is answered that has no others."""
    answers = served.run("serving_default", rows)[output]
    names = [subset_name(subset) for subset in SUBSETS] + [""]
    return {
        order: answers[names.index("+".join(m for m in MODALITIES if m in order))]
        for size in range(4)
        for order in permutations(MODALITIES, size)
    }


@pytest.mark.parametrize("kind", ["session", "regression"])
def test_contributions_are_means_over_all_orders_of_joining(kind, request, rows):
    served = request.getfixturevalue(kind)
    output = {"session": "scores", "regression": "value"}[kind]
    answered = served_on_subsets(served, rows, output)
    received = served.run("explain", rows)["contributions"][6]

    for modality, contribution in zip(MODALITIES, received, strict=True):
        steps = [
            answered[order[: at + 1]] - answered[order[:at]]
            for order in permutations(MODALITIES)
            for at in [order.index(modality)]
        ]
        np.testing.assert_allclose(contribution, np.mean(steps, axis=0), atol=1e-5)


@pytest.mark.parametrize("kind", ["session", "regression"])
def test_contributions_add_up_to_the_score(kind, request, rows):
    outputs = request.getfixturevalue(kind).run("explain", rows)
    scores, base = (
        (outputs["scores"], outputs["base_scores"])
        if kind == "session"
        else (outputs["value"], outputs["base_value"])
    )
    total = outputs["contributions"].sum(axis=1)
    np.testing.assert_allclose(total, scores - base, atol=1e-5)
    assert not outputs["contributions"][~outputs["presence"]].any()
    assert outputs["contributions"][6].any(axis=-1).all()


def test_audio_of_other_formats_is_answered_as_shards_of_it_would_be(session):
    """Shards hold what soxr made of it: within 1e-3, and 1e-5 at the same rate."""
    names, inputs = golden_rows(sample_rate_hz=16000)
    rows = slice(names.index("44.1 kHz stereo"), names.index("streamed floats") + 1)
    wide = wav_bytes(np.full((900, 2), 0.3), subtype="PCM_24")
    sent = strings(*inputs["audio"][rows], wide)
    shards = strings(*(prepare_audio(data, sample_rate_hz=16000) for data in sent))

    received, expected = (
        session.run("serving_default", {"audio": audio})["scores"]
        for audio in (sent, shards)
    )
    np.testing.assert_allclose(received, expected, atol=1e-3)
    np.testing.assert_allclose(received[-1], expected[-1], atol=1e-5)


def test_modality_weights_cover_what_is_present(session, rows):
    outputs = session.run("serving_default", rows)

    present = np.stack([rows[key] != b"" for key in MODALITIES], axis=1)
    weights = outputs["modality_weights"]
    assert not weights[~present].any()
    np.testing.assert_allclose(weights.sum(axis=1), present.any(axis=1), atol=1e-6)
    np.testing.assert_array_equal(outputs["presence"], present)


def test_examples_are_answered_as_their_parts_are(session, regression, rows):
    columns = [rows[modality] for modality in MODALITIES]
    serialized = [
        schema.serialize(dict(zip(MODALITIES, row, strict=True)))
        for row in zip(*columns, strict=True)
    ]
    for served, output in ((session, "scores"), (regression, "value")):
        expected = served.run("serving_default", rows)[output]
        answers = served.run("examples", {"inputs": strings(*serialized)})
        received = answers["scores" if output == "scores" else "outputs"]
        np.testing.assert_allclose(received, expected, atol=1e-6)


def test_the_value_of_a_regression_is_that_of_predict(
    regression, regression_folder, rows
):
    expected = predict_logits(regression_folder, rows)
    value = regression.run("serving_default", rows)["value"]
    np.testing.assert_allclose(value, expected, atol=1e-4)


def test_the_embedding_is_the_fused_vector(session, run_folder, rows):
    run = open_run(run_folder)
    tokenizer = load_tokenizer(run.path("tokenizer"))
    batch = Preprocessor(run.config.model, tokenizer).batch(**rows)
    expected = detailed_model(run.model)(batch)["embedding"]

    embedding = session.run("embed", rows)["embedding"]
    np.testing.assert_allclose(embedding, expected, atol=1e-4)


@pytest.mark.parametrize("signature", ["serving_default", "explain", "embed"])
def test_inputs_left_out_are_absent(session, signature):
    outputs = session.run(signature, {"text": strings(b"slow", b"bad")})
    assert outputs["presence"].tolist() == [[True, False, False]] * 2


@pytest.mark.parametrize("name", DAMAGED)
def test_a_row_is_scored_without_a_broken_image(session, name):
    texts = strings(b"slow", b"slow")
    broken = {"text": texts, "image": strings(b"", DAMAGED[name])}
    outputs = session.run("serving_default", broken)

    assert outputs["presence"].tolist() == [[True, False, False]] * 2
    np.testing.assert_allclose(*outputs["scores"], atol=1e-6)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_broken_image_fails_the_request_and_is_named(strict, name):
    broken = {"image": strings(b"", DAMAGED[name])}

    with pytest.raises(StatusError, match="(`image`.* in row 1)|image_of_row_1/") as e:
        strict.run("serving_default", broken)
    assert e.value.code.name == "INVALID_ARGUMENT"


def test_broken_audio_is_absent_or_named(session, strict):
    audio = {"audio": strings(b"", b"RIFF")}

    assert not session.run("serving_default", audio)["presence"].any()
    with pytest.raises(StatusError, match="`audio` must be a WAV file.* in row 1"):
        strict.run("serving_default", audio)


TOO_MUCH = {
    "text": (b"x" * 10**8, "at most 1048576 bytes. Received: 100000000 in row 1"),
    "audio": (TEN_HOURS, "at most 3600 seconds. Received: .* 36000 seconds in row 1"),
    **{
        key: (bomb, "64 megapixels. Received: .* in row 1")
        for key, bomb in BOMBS.items()
    },
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_refused_by_both_and_costs_no_memory(session, strict, name):
    data, message = TOO_MUCH[name]
    modality = name if name in MODALITIES else "image"
    request = {modality: strings(b"", data)}

    memory.forget_peak()
    before = memory.peak_bytes()
    for served in (session, strict):
        with pytest.raises(StatusError, match=message) as raised:
            served.run("serving_default", request)
        assert raised.value.code.name == "INVALID_ARGUMENT"
    assert memory.peak_bytes() - before < 4 * len(data) + 50e6


@pytest.mark.parametrize("signature", ["serving_default", "explain", "embed"])
def test_wrong_ranks_and_sizes_are_refused(session, signature):
    with pytest.raises(StatusError, match=r"Shape .* \[1,1\]"):
        session.run(signature, {"text": np.array([[b"a"]], object)})
    unequal = {"text": strings(b"a", b"b"), "image": strings(b"", b"", b"")}
    with pytest.raises(StatusError, match=r"must have equally many rows.*\[2\] \[3\]"):
        session.run(signature, unequal)
    with pytest.raises(StatusError, match="at least one"):
        session.run(signature, dict.fromkeys(MODALITIES, strings()))


def test_examples_that_are_none_are_refused(session):
    with pytest.raises(StatusError, match="Could not parse example input"):
        session.run("examples", {"inputs": strings(b"\xff\xff")})
    with pytest.raises(StatusError, match=r"Shape .* \[1,1\]"):
        session.run("examples", {"inputs": np.array([[b""]], object)})


def test_tensors_of_other_shapes_are_refused(session, run_folder, rows):
    run = open_run(run_folder)
    tokenizer = load_tokenizer(run.path("tokenizer"))
    batch = Preprocessor(run.config.model, tokenizer).batch(**rows)
    batch = {key: value.numpy() for key, value in batch.items()}

    scores = session.run("serving_default", rows)["scores"]
    received = session.run("tensors", batch)["scores"]
    np.testing.assert_allclose(received, scores, atol=1e-5)
    with pytest.raises(StatusError, match="Shape .* is not compatible"):
        session.run("tensors", {**batch, "waveform": batch["waveform"][:, :-1]})
    with pytest.raises(StatusError, match="must have equally many rows"):
        session.run("tensors", {**batch, "presence": batch["presence"][:-1]})


def test_preprocessing_and_model_are_in_the_graph_once(session):
    functions = session.meta_graph.graph_def.library.function
    nodes = [node.op for function in functions for node in function.node_def]

    assert nodes.count("FastWordpieceTokenizeWithOffsets") == 1
    assert nodes.count("DatasetToSingleElement") == 1
    assert nodes.count("Conv2D") < 30


def test_only_the_lenient_export_holds_a_pipeline(session, strict):
    def has_datasets(served):
        functions = served.meta_graph.graph_def.library.function
        return any("Dataset" in n.op for f in functions for n in f.node_def)

    assert (has_datasets(session), has_datasets(strict)) == (True, False)

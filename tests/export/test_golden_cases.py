import numpy as np
import pytest
import tensorflow as tf

from export.golden import NUM_SUBSETS
from export.golden_cases import golden_cases, live_answers
from mmtf.config import Labels
from mmtf.run import open_run
from pipelines import schema
from pipelines.preprocess import Preprocessor
from pipelines.text import load_tokenizer


def make_cases(folder, **options):
    run = open_run(folder)
    preprocessor = Preprocessor(run.config.model, load_tokenizer(run.path("tokenizer")))
    cases = golden_cases(run.model, preprocessor, run.config, **options)
    return {case.signature: case for case in cases}


@pytest.fixture(scope="module")
def cases(run_folder):
    return make_cases(run_folder)


def test_each_signature_has_a_case_with_a_row_for_each_name(cases):
    signatures = ["serving_default", "explain", "tensors", "examples", "embed"]
    assert list(cases) == signatures
    for case in cases.values():
        for array in (*case.inputs.values(), *case.answers.values()):
            assert len(array) == len(case.row_names)


def test_answers_differ_from_row_to_row(cases):
    scores = cases["serving_default"].answers["scores"]
    assert len(np.unique(scores.round(4), axis=0)) > len(scores) / 2
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)


def test_what_is_broken_or_missing_is_not_present(cases):
    case = cases["serving_default"]
    found = dict(zip(case.row_names, case.answers["presence"].tolist(), strict=True))

    assert found["text+audio"] == [True, False, True]
    assert found["none"] == [False, False, False]
    assert found["broken image"] == found["broken audio"] == [True, False, False]
    for name in ("44.1 kHz stereo", "streamed floats", "8 kHz of 8 bits"):
        assert found[name] == [False, False, True]


def test_the_first_rows_are_preprocessed_for_tensors(cases):
    case = cases["tensors"]
    assert len(case.row_names) == NUM_SUBSETS
    scores = cases["serving_default"].answers["scores"][:NUM_SUBSETS]
    np.testing.assert_array_equal(case.answers["scores"], scores)
    assert case.inputs["waveform_length"].tolist() == [
        0,
        0,
        4000,
        0,
        4000,
        4000,
        4000,
        0,
    ]


def test_explanations_add_up(cases):
    case = cases["explain"]
    assert case.row_names[-2:] == ["text+image+audio", "none"]
    answers = case.answers
    scores, base = answers["scores"], answers["base_scores"]
    np.testing.assert_array_equal(base, [scores[-1]] * NUM_SUBSETS)
    total = answers["contributions"].sum(axis=1)
    np.testing.assert_allclose(total, scores - base, atol=1e-6)
    assert not answers["contributions"][~answers["presence"]].any()


def test_a_pair_contributes_what_its_parts_give_alone_and_together(cases):
    answers, names = cases["explain"].answers, cases["explain"].row_names
    text, audio, both, none = (
        answers["scores"][names.index(name)]
        for name in ("text", "audio", "text+audio", "none")
    )
    expected = (text - none) / 2 + (both - audio) / 2
    received = answers["contributions"][names.index("text+audio"), 0]
    np.testing.assert_allclose(received, expected, atol=1e-6)


def test_examples_hold_the_same_rows(cases):
    parsed = schema.parse(tf.constant(cases["examples"].inputs["inputs"]))
    for key, values in cases["serving_default"].inputs.items():
        assert parsed[key].numpy().tolist() == values.tolist()


def test_a_strict_export_is_asked_about_sound_media_alone(regression_folder):
    cases = make_cases(regression_folder, on_bad_media="error")

    assert "broken image" not in cases["embed"].row_names
    assert set(cases["examples"].answers) == {"outputs"}
    assert cases["explain"].answers["base_value"].shape == (8, 1)
    value = cases["serving_default"].answers["value"]
    np.testing.assert_array_equal(cases["examples"].answers["outputs"], value)


def test_the_models_outputs_become_answers():
    outputs = {
        "logits": tf.constant([[0.0, np.log(3.0)]]),
        "modality_weights": tf.constant([[0.5, 0.5, 0.0]]),
    }
    answers = live_answers(outputs, Labels(class_names=("no", "yes")))

    assert answers["classes"].tolist() == [[b"no", b"yes"]]
    np.testing.assert_allclose(answers["scores"], [[0.25, 0.75]], rtol=1e-6)
    assert answers["modality_weights"].tolist() == [[0.5, 0.5, 0.0]]

    answers = live_answers(outputs, Labels(class_names=("no", "yes")), temperature=0.5)
    np.testing.assert_allclose(answers["scores"], [[0.1, 0.9]], rtol=1e-6)


def test_a_regression_answers_its_logit_whatever_the_temperature():
    outputs = {
        "logits": tf.constant([[2.5]], tf.float16),
        "modality_weights": tf.constant([[0.5, 0.5, 0.0]]),
    }
    answers = live_answers(outputs, Labels(task="regression"), temperature=3.0)

    assert answers["value"].tolist() == [[2.5]]
    assert answers["value"].dtype == np.float32

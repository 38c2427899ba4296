import keras
import numpy as np
import pytest
import tensorflow as tf

from export.golden_cases import GoldenCase
from export.verification import VerificationError, compare, verify

SCORES = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)
CLASSES = np.array([[b"no", b"yes"]] * 2, object)
PRESENCE = np.array([[True, False, True]] * 2)


def check(received, **expected):
    expected = expected or {key: globals()[key.upper()] for key in received}
    case = GoldenCase("serving_default", ["a", "b"], {}, expected)
    compare(case, received, releases=("2.19", "2.20"))


def test_a_small_difference_passes():
    check({"scores": SCORES + 9e-5, "classes": CLASSES, "presence": PRESENCE})


def test_a_large_value_may_differ_by_its_size():
    live = np.array([[1.0], [1000.0]], np.float32)
    check({"value": live + np.float32(9e-5)}, value=live)
    check({"value": live * np.float32(1.00009)}, value=live)

    with pytest.raises(VerificationError, match="a difference of 0.0002"):
        check({"value": live * np.float32(1.0002)}, value=live)


@pytest.mark.parametrize(("value", "text"), [(0.502, "0.002"), (np.nan, "nan")])
def test_a_wrong_score_is_named_with_row_server_and_size(value, text):
    received = SCORES.copy()
    received[1, 0] = value
    message = (
        "The output 'scores' of the golden row 'b' of 'serving_default' on TensorFlow "
        "Serving 2.19, 2.20 must equal the model's within 0.0001. Received: a "
        f"difference of {text}"
    )
    with pytest.raises(VerificationError, match=message):
        check({"scores": received})


@pytest.mark.parametrize(
    ("output", "received", "expected"),
    [("classes", CLASSES[:, ::-1], r"\[b'no', b'yes'\]"),
     ("presence", ~PRESENCE, r"\[True, False, True\]")],
)  # fmt: skip
def test_another_string_or_boolean_is_named(output, received, expected):
    message = rf"'{output}' of the golden row 'a'.* the model's, {expected}. Received: "
    with pytest.raises(VerificationError, match=message):
        check({output: received})


def test_a_wrong_shape_is_named():
    message = r"'scores' of .* must have the shape \(2, 2\). Received: \(1, 2\)"
    with pytest.raises(VerificationError, match=message):
        check({"scores": SCORES[:1]})


def test_outputs_too_many_or_few_are_named():
    message = r"outputs of .* must be \['scores'\]. Received: \['classes', 'scores'\]"
    with pytest.raises(VerificationError, match=message):
        check({"scores": SCORES, "classes": CLASSES}, scores=SCORES)


def write_double(folder, double):
    archive = keras.export.ExportArchive()
    spec = tf.TensorSpec([None], tf.float32, "x")
    archive.add_endpoint("double", lambda x: {"y": double(x)}, [spec])
    archive.write_out(str(folder), verbose=False)
    x = np.array([1.0, 2.0], np.float32)
    cases = [
        GoldenCase(name, ["one", "two"], {"x": x}, {"y": 2 * x})
        for name in ("double", "serving_default")
    ]
    return str(folder), cases


def test_a_sound_model_passes(tmp_path):
    verify(*write_double(tmp_path, lambda x: 2 * x), releases=["2.19", "2.20"])


def test_a_model_that_answers_otherwise_is_refused(tmp_path):
    folder, cases = write_double(tmp_path, lambda x: x + 1)
    with pytest.raises(VerificationError, match="'y' of the golden row 'two'.* 0.25"):
        verify(folder, cases, releases=["2.20"])


def test_a_model_that_a_server_cannot_run_is_refused(tmp_path):
    @tf.function(jit_compile=True)
    def compiled(x):
        return 2 * x

    folder, cases = write_double(tmp_path, compiled)
    with pytest.raises(VerificationError, match="(?s)on every server.*jit_compile"):
        verify(folder, cases, releases=["2.20"])

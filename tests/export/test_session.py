from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.session import SavedModelSession
from mmtf.errors import InputError


@pytest.fixture(scope="module")
def arithmetic(arithmetic_folder):
    session = SavedModelSession(arithmetic_folder + "/1")
    yield session
    session.close()


def test_a_signature_gives_its_outputs_by_name(arithmetic):
    inputs = {"x": np.array([1, 2], np.float32), "y": np.array([3, 4], np.float32)}

    outputs = arithmetic.run("serving_default", inputs)

    assert {key: value.tolist() for key, value in outputs.items()} == {
        "sum": [4.0, 6.0],
        "product": [3.0, 8.0],
    }


def test_outputs_can_be_chosen(arithmetic):
    inputs = {"x": np.ones(1, np.float32), "y": np.ones(1, np.float32)}

    outputs = arithmetic.run("serving_default", inputs, outputs=["sum"])

    assert list(outputs) == ["sum"]


def test_a_wrong_rank_is_an_invalid_argument(arithmetic):
    inputs = {"x": np.ones((1, 1), np.float32), "y": np.ones(1, np.float32)}

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"shape \(1, 1\)"):
        arithmetic.run("serving_default", inputs)


def test_threads_get_their_own_answers(arithmetic):
    def double(number):
        inputs = dict.fromkeys(("x", "y"), np.array([number], np.float32))
        return arithmetic.run("serving_default", inputs)["sum"].item()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(double, range(100))) == [2 * n for n in range(100)]


def test_assets_and_defaults_are_found(tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("no\nyes\n")
    table = tf.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            tf.saved_model.Asset(str(labels)),
            tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER,
            tf.string, tf.lookup.TextFileIndex.WHOLE_LINE,
        ),
        "unknown",
    )  # fmt: skip

    default = tf.constant([1, 5], tf.int64)

    def label(index=default):
        return {"label": table.lookup(index)}

    archive = keras.export.ExportArchive()
    archive.track(table)
    archive.add_endpoint("label", label, [tf.TensorSpec([None], tf.int64, "index")])
    archive.write_out(str(tmp_path / "1"), verbose=False)
    labels.unlink()

    session = SavedModelSession(str(tmp_path / "1"))

    assert session.run("label", {})["label"].tolist() == [b"yes", b"unknown"]


def test_a_variable_that_a_server_would_not_find_is_missing_here_too(tmp_path):
    module = tf.Module()
    module.model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    vector = tf.TensorSpec([None, 1], tf.float32)
    module.call = tf.function(lambda x: module.model(x), input_signature=[vector])
    tf.saved_model.save(module, str(tmp_path), signatures=module.call)
    reloaded = tf.saved_model.load(str(tmp_path))
    assert reloaded.call(tf.zeros((1, 1))) == 0

    session = SavedModelSession(str(tmp_path))

    with pytest.raises(tf.errors.FailedPreconditionError, match="not find variable"):
        session.run("serving_default", {"x": np.ones((1, 1), np.float32)})


def test_time_runs_out_and_the_next_call_is_answered(counting_folder):
    session = SavedModelSession(counting_folder + "/1")

    with pytest.raises(tf.errors.DeadlineExceededError):
        session.run("serving_default", {"to": np.int64(10**12)}, timeout_seconds=0.05)
    assert session.run("serving_default", {"to": np.int64(3)})["count"] == 3


def test_a_folder_without_a_saved_model_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}.*has no saved_model.pb"):
        SavedModelSession(str(tmp_path))

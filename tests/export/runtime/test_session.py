import threading
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.protocol import SavedModel
from export.runtime import Code, SavedModelSession, StatusError
from mmtf.errors import InputError
from tests.export.runtime.conftest import save


@pytest.fixture(scope="module")
def arithmetic(arithmetic_folder):
    session = SavedModelSession(arithmetic_folder)
    yield session
    session.close()


def ones(*shape):
    return {"x": np.ones(shape, np.float32), "y": np.ones(1, np.float32)}


def test_a_signature_gives_its_outputs_by_name(arithmetic):
    inputs = {"x": np.array([1, 2], np.float32), "y": np.array([3, 4], np.float32)}

    outputs = arithmetic.run("serving_default", inputs)

    assert {key: value.tolist() for key, value in outputs.items()} == {
        "sum": [4.0, 6.0],
        "product": [3.0, 8.0],
    }


def test_outputs_can_be_chosen(arithmetic):
    outputs = arithmetic.run("serving_default", ones(1), outputs=["sum"])

    assert list(outputs) == ["sum"]


def test_an_output_can_be_named_with_its_signature(arithmetic):
    pair = ("serving_default", "sum")

    outputs = arithmetic.run("serving_default", ones(1), outputs=[pair, "product"])

    assert {name: v.tolist() for name, v in outputs.items()} == {
        pair: [2.0],
        "product": [1.0],
    }
    with pytest.raises(StatusError, match='signature key "foo" not found'):
        arithmetic.run("serving_default", ones(1), outputs=[("foo", "sum")])


def test_two_outputs_may_be_one_tensor(tmp_path):
    def double(x):
        return {"a": 2 * x}

    folder = save(tmp_path, double, tf.TensorSpec([None], tf.float32))
    saved_model = SavedModel.FromString((tmp_path / "saved_model.pb").read_bytes())
    outputs = saved_model.meta_graphs[0].signature_def["serving_default"].outputs
    outputs["b"].CopyFrom(outputs["a"])
    (tmp_path / "saved_model.pb").write_bytes(saved_model.SerializeToString())

    answer = SavedModelSession(folder).run("serving_default", {"x": np.ones(1, "f4")})

    assert answer == {"a": [2], "b": [2]}


def test_point_10_a_wrong_rank_is_not_checked(arithmetic):
    answer = arithmetic.run("serving_default", ones(1, 1))

    assert answer["sum"].tolist() == [[2.0]]


def test_point_10_a_wrong_type_has_the_servers_words(arithmetic):
    inputs = {"x": np.ones(1, np.float32), "y": np.array([b"1"], object)}

    with pytest.raises(StatusError) as caught:
        arithmetic.run("serving_default", inputs)

    assert caught.value.code is Code.INVALID_ARGUMENT
    assert caught.value.message == ("Expects arg[1] to be float but string is provided")


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        ({"signature_name": "x"}, "FAILED_PRECONDITION", 'key "x" not found'),
        ({"inputs": {"z": np.ones(1)}}, "INVALID_ARGUMENT", r"input .*: z .*{x,y}"),
        ({"outputs": ["z"]}, "INVALID_ARGUMENT", r"output .*: z .*{product,sum}"),
        ({"inputs": {}}, "INVALID_ARGUMENT", "must feed a value for placeholder"),
    ],
)
def test_names_that_the_signature_lacks_are_refused(arithmetic, call, code, message):
    call = {"signature_name": "serving_default", "inputs": ones(1)} | call

    with pytest.raises(StatusError, match=message) as caught:
        arithmetic.run(call.pop("signature_name"), call.pop("inputs"), **call)
    assert caught.value.code.name == code


def test_an_output_without_a_tensor_is_refused(arithmetic):
    with pytest.raises(StatusError, match="no tensor for the output"):
        arithmetic.run("__saved_model_init_op", {})


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

    assert session.defaults["label"]["index"].tolist() == [1, 5]
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

    with pytest.raises(StatusError, match="FAILED_PRECONDITION.*not find variable"):
        session.run("serving_default", {"x": np.ones((1, 1), np.float32)})


def test_point_13_time_runs_out_and_the_next_call_is_answered(counting_folder):
    session = SavedModelSession(counting_folder)

    with pytest.raises(StatusError, match="DEADLINE_EXCEEDED"):
        session.run("serving_default", {"to": np.int64(10**12)}, timeout_seconds=0.05)
    assert session.run("serving_default", {"to": np.int64(3)})["count"] == 3


def test_closing_cancels_what_runs_and_refuses_what_comes(counting_folder):
    session = SavedModelSession(counting_folder)
    codes = []

    def count_for_ever():
        with pytest.raises(StatusError) as caught:
            session.run("serving_default", {"to": np.int64(10**12)})
        codes.append(caught.value.code)

    threads = [threading.Thread(target=count_for_ever) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    session.close()
    session.close()
    for thread in threads:
        thread.join()

    assert codes == [Code.CANCELLED] * 3
    with pytest.raises(StatusError, match="Session has been closed"):
        session.run("serving_default", {"to": np.int64(1)})


def test_a_folder_without_a_saved_model_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}.*has no saved_model.pb"):
        SavedModelSession(str(tmp_path))


def test_a_graph_that_is_not_for_serving_is_refused(tmp_path):
    builder = tf.compat.v1.saved_model.Builder(str(tmp_path / "1"))
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        builder.add_meta_graph_and_variables(session, ["train"])
    builder.save()

    with pytest.raises(InputError, match="tagged `serve`.*has none"):
        SavedModelSession(str(tmp_path / "1"))


def test_a_broken_file_has_the_loaders_words(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"\xff" * 100)

    with pytest.raises(StatusError, match="(?i)parse|proto"):
        SavedModelSession(str(tmp_path))


def test_cut_off_variables_have_the_loaders_words(tmp_path):
    module = tf.Module()
    module.weight = tf.Variable(tf.ones(1000))
    module.call = tf.function(
        lambda x: x + module.weight[0], input_signature=[tf.TensorSpec([None])]
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.call)
    with open(tmp_path / "variables/variables.data-00000-of-00001", "r+b") as file:
        file.truncate(100)

    with pytest.raises(StatusError, match="(OUT_OF_RANGE|DATA_LOSS): "):
        SavedModelSession(str(tmp_path))

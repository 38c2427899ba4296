import numpy as np
import pytest
import tensorflow as tf

from export.runtime import SavedModelSession, StatusError
from tests.export.runtime.conftest import save


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    def echo(text, number):
        return {"text": tf.identity(text), "number": number + 1}

    specs = tf.TensorSpec(None, tf.string), tf.TensorSpec([1000], tf.float32)
    return SavedModelSession(save(tmp_path_factory.mktemp("echo"), echo, *specs))


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def growth_bytes(call, times):
    for _ in range(times // 4):
        call()
    before = resident_bytes()
    for _ in range(times):
        call()
    return resident_bytes() - before


def test_answers_leave_nothing_behind(session):
    inputs = {
        "text": np.array([b"x" * 20_000] * 2, object),
        "number": np.zeros(1000, np.float32),
    }
    # A forgotten tensor a call would be 8 MB or 80 MB.
    assert growth_bytes(lambda: session.run("serving_default", inputs), 2000) < 4e6


@pytest.mark.parametrize(
    "number", [np.zeros(1000, np.int32), np.zeros(1000, object), np.zeros(1)]
)
def test_refusals_leave_nothing_behind(session, number):
    inputs = {"text": np.array([b"x" * 20_000], object), "number": number}

    def refused():
        with pytest.raises(StatusError):
            session.run("serving_default", inputs)

    assert growth_bytes(refused, 1000) < 4e6


def test_a_closed_session_leaves_little_behind(arithmetic_folder):
    def open_and_close():
        SavedModelSession(arithmetic_folder).close()

    assert growth_bytes(open_and_close, 40) < 8e6

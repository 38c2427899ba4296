"""Small SavedModels for the runtime."""

import pytest
import tensorflow as tf

from export.runtime import SavedModelSession


def save(folder, function, *specs):
    """Writes a SavedModel with one signature, and gives its folder."""
    module = tf.Module()
    module.function = tf.function(function, input_signature=specs, autograph=False)
    tf.saved_model.save(module, str(folder), signatures=module.function)
    return str(folder)


@pytest.fixture(scope="package")
def arithmetic_folder(tmp_path_factory):
    vector = tf.TensorSpec([None], tf.float32)

    def arithmetic(x, y):
        return {"sum": x + y, "product": x * y}

    return save(tmp_path_factory.mktemp("arithmetic"), arithmetic, vector, vector)


@pytest.fixture(scope="package")
def counting_folder(tmp_path_factory):
    """A model that takes as long as it is told to."""

    def count(to):
        body = tf.while_loop(lambda n: n < to, lambda n: [n + 1], [tf.zeros_like(to)])
        return {"count": body[0]}

    folder = tmp_path_factory.mktemp("counting")
    return save(folder, count, tf.TensorSpec([], tf.int64))


@pytest.fixture
def echo(tmp_path):
    """Gives a function that sends an array through a session and back."""

    def run(array, dtype):
        def same(x):
            return {"y": tf.identity(x)}

        folder = save(tmp_path / "echo", same, tf.TensorSpec(None, dtype))
        session = SavedModelSession(folder)
        try:
            return session.run("serving_default", {"x": array})["y"]
        finally:
            session.close()

    return run

"""SavedModels with a fault each."""

import keras
import pytest
import tensorflow as tf

ROWS = tf.TensorSpec([None, 4], tf.float32, "x")
TEXTS = tf.TensorSpec([None], tf.string, "x")


@pytest.fixture
def save(tmp_path):
    """Gives a function that writes a SavedModel with one signature."""

    def write(function, spec=ROWS, *, module=None):
        module = module or tf.Module()
        module.function = tf.function(function, input_signature=[spec], autograph=False)
        tf.saved_model.save(module, str(tmp_path / "1"), signatures=module.function)
        return str(tmp_path / "1")

    return write


@pytest.fixture
def archive(tmp_path):
    """Gives a function that writes a Keras model the way Keras means it."""

    def write(model, spec=ROWS):
        archive = keras.export.ExportArchive()
        archive.add_endpoint("serving_default", lambda x: {"y": model(x)}, [spec])
        archive.write_out(str(tmp_path / "1"), verbose=False)
        return str(tmp_path / "1")

    return write

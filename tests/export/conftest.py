"""One tiny run, exported and served once for all tests of this folder."""

import dataclasses
import json
import os
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.golden import NUM_SUBSETS, golden_rows
from export.runtime import SavedModelSession
from export.saved_model import export_run
from export.serve.server import start
from mmtf import presets
from mmtf.config import Labels
from mmtf.features import MODALITIES
from mmtf.model import build_model
from mmtf.run import Run, open_run, start_run
from pipelines.preprocess import Preprocessor
from pipelines.text import learn_tokenizer, load_tokenizer, save_tokenizer

TEXTS = ["the plot was slow", "the acting was not bad at all", "music, and acting!"]


def make_run(folder, labels, **model):
    """A run folder as training leaves it, with random weights."""
    config = dataclasses.replace(presets.tiny(), labels=labels)
    model = dataclasses.replace(config.model, **model)
    config = dataclasses.replace(config, model=model)
    keras.utils.set_random_seed(7)
    run = Run(str(folder))
    start_run(run, config)
    tokenizer = learn_tokenizer(TEXTS * 3, vocabulary_size=60, lowercase=True)
    save_tokenizer(tokenizer, run.path("tokenizer"))
    build_model(model, num_outputs=labels.num_outputs).save(run.path("model.keras"))
    return str(folder)


@pytest.fixture(scope="session")
def regression_folder(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run") / "RUN", Labels(task="regression"))


QUICK = {"batch_sizes": (1,), "releases": ("2.20",)}
"""Options of an export that takes least time."""
TEMPERATURE = 2.5


@pytest.fixture(scope="session")
def calibrated_folder(run_folder, tmp_path_factory):
    """The same run with a temperature for its scores."""
    folder = tmp_path_factory.mktemp("run") / "RUN"
    shutil.copytree(run_folder, folder)
    calibration = json.dumps({"temperature": TEMPERATURE})
    (folder / "calibration.json").write_text(calibration)
    return str(folder)


@pytest.fixture(scope="session")
def strict_model(calibrated_folder, tmp_path_factory):
    """The calibrated run exported to refuse bad media."""
    folder = str(tmp_path_factory.mktemp("models") / "strict")
    export_run(calibrated_folder, folder, on_bad_media="error", **QUICK)
    return folder


@pytest.fixture(scope="session")
def regression_model(regression_folder, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("models") / "regression")
    export_run(regression_folder, folder, **QUICK)
    return folder


@pytest.fixture(scope="session")
def session(published_model):
    """The exported model in the C++ session of servers."""
    session = SavedModelSession(os.path.join(published_model, "1"))
    yield session
    session.close()


@pytest.fixture(scope="session")
def server(published_model):
    server = start(published_model, port=0)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def rows(run_folder):
    """Raw inputs: every subset of the modalities, then rows that lack nothing."""
    rate = open_run(run_folder).config.model.audio.sample_rate_hz
    inputs = golden_rows(sample_rate_hz=rate)[1]
    full = {key: inputs[key][6] for key in MODALITIES}
    full["text"] = b"Bad acting; the music was slow."
    return {
        key: np.append(inputs[key][:NUM_SUBSETS], np.array([full[key]] * 8, object))
        for key in MODALITIES
    }


@pytest.fixture(scope="session")
def predicted(run_folder, rows):
    """The logits that `model.predict` gives for the rows."""
    return predict_logits(run_folder, rows)


def predict_logits(run_folder, rows):
    run = open_run(run_folder)
    tokenizer = load_tokenizer(run.path("tokenizer"))
    preprocessor = Preprocessor(run.config.model, tokenizer)
    batch = preprocessor.batch(*(tf.constant(rows[key]) for key in MODALITIES))
    return run.model.predict(batch, verbose=0)


@pytest.fixture(scope="session")
def arithmetic_folder(tmp_path_factory):
    """A model that is not mmtf's: two required inputs, two outputs."""
    vector = tf.TensorSpec([None], tf.float32)

    @tf.function(input_signature=[vector, vector])
    def arithmetic(x, y):
        return {"sum": x + y, "product": x * y}

    folder = tmp_path_factory.mktemp("models") / "arithmetic"
    module = tf.Module()
    module.arithmetic = arithmetic
    tf.saved_model.save(module, str(folder / "1"), signatures=arithmetic)
    return str(folder)


@pytest.fixture(scope="session")
def counting_folder(tmp_path_factory):
    """A model that takes as long as it is told to."""

    @tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
    def count(to):
        body = tf.while_loop(lambda n: n < to, lambda n: [n + 1], [tf.zeros_like(to)])
        return {"count": body[0]}

    folder = tmp_path_factory.mktemp("models") / "counting"
    module = tf.Module()
    module.count = count
    tf.saved_model.save(module, str(folder / "1"), signatures=count)
    return str(folder)

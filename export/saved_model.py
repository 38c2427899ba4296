"""A run to a version folder that TensorFlow Serving takes as it is."""

import json
import os
import shutil

import keras

from export.signatures import INPUT_SIGNATURE, raw_bytes
from export.verification import verify
from export.versions import draft_folder, publish
from mmtf.model import detailed_model
from mmtf.run import open_run
from pipelines.preprocess import Preprocessor
from pipelines.text import load_tokenizer


def export_run(run_folder: str, model_folder: str) -> str:
    """Writes a run's model as the next version, and publishes it if it is sound.

    Args:
        run_folder: RUN, written by `mmtf train`.
        model_folder: MODELS/NAME; made if it is not there.

    Returns:
        The published folder, MODELS/NAME/N. It holds the run's configuration
        and class names in `assets.extra`.

    Raises:
        InputError: RUN is no run.
        VerificationError: the written model answers otherwise than the run's;
            nothing is published.
    """
    run = open_run(run_folder)
    config = run.config
    details = detailed_model(run.model)
    use_portable_kernels(details)
    preprocessor = Preprocessor(config.model, load_tokenizer(run.path("tokenizer")))
    with draft_folder(model_folder) as draft:
        write_saved_model(draft, raw_bytes(details, preprocessor, config.labels))
        _write_extras(draft, run)
        verify(draft, details=details, preprocessor=preprocessor, config=config)
        return publish(draft, model_folder)


def use_portable_kernels(model: keras.Model) -> None:
    """Has recurrent layers run by ops that exist for every device.

    On a machine with a GPU, Keras would put cuDNN's ops into the graph, and a
    server without one could not run it.
    """
    for layer in model._flatten_layers():
        if hasattr(layer, "use_cudnn"):
            layer.use_cudnn = False


def write_saved_model(folder: str, serving_default) -> None:
    """Writes a SavedModel with one signature, each weight stored once."""
    archive = keras.export.ExportArchive()
    # Not archive.track(model): it would store every weight a second time.
    archive.add_endpoint("serving_default", serving_default, INPUT_SIGNATURE)
    archive.write_out(folder, verbose=False)


def _write_extras(folder, run):
    extras = os.path.join(folder, "assets.extra")
    os.mkdir(extras)
    shutil.copyfile(run.path("config.json"), os.path.join(extras, "config.json"))
    path = os.path.join(extras, "class_names.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(run.config.labels.class_names, file, ensure_ascii=False)

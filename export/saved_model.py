"""A run to a version folder that TensorFlow Serving takes as it is."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping

import keras
import tensorflow as tf

from export.batching import write_batching_parameters
from export.compatibility import SERVER_RELEASES
from export.compatibility.releases import find_releases
from export.golden_cases import GoldenCase, golden_cases
from export.prediction_logs import golden_log, write_logs
from export.signatures import Signature, make_signatures
from export.verification import verify
from export.versions import (
    GOLDEN_REQUESTS,
    WARMUP_REQUESTS,
    draft_folder,
    publish,
)
from export.warmup import BATCH_SIZES, require_batch_sizes, warmup_logs
from mmtf.run import Run, open_run
from pipelines.preprocess import OnBadMedia, Preprocessor, require_on_bad_media
from pipelines.text import load_tokenizer


def export_run(
    run_folder: str,
    model_folder: str,
    *,
    on_bad_media: OnBadMedia = "absent",
    batch_sizes: Iterable[int] = BATCH_SIZES,
    releases: Iterable[str] = SERVER_RELEASES,
) -> str:
    """Writes a run's model as the next version, and publishes it if it is sound.

    Args:
        run_folder: RUN, written by `mmtf train`.
        model_folder: MODELS/NAME; made if it is not there.
        on_bad_media: what becomes of media that cannot be decoded. "absent", the
            default: the row is scored without that modality, and `presence` says
            so. It costs about 0.5 ms a request, and one client's broken file
            does not fail the requests of others that a server batches with it.
            "error": the request fails with INVALID_ARGUMENT, which names the row.
        batch_sizes: numbers of rows that servers warm up for, and merge requests to.
        releases: servers that must load and run it.

    Returns:
        The published folder, MODELS/NAME/N. Beside the SavedModel it holds
        `batching_params.pbtxt`, and in `assets.extra` the run's configuration and
        class names, warm-up records, and golden requests with their answers.

    Raises:
        InputError: RUN is no run, or an option cannot be.
        VerificationError: a server would not load or run the written model, or it
            answers otherwise than the run's; nothing is published.
    """
    require_on_bad_media(on_bad_media)
    batch_sizes, releases = require_batch_sizes(batch_sizes), tuple(releases)
    find_releases(releases)
    run = open_run(run_folder)
    use_portable_kernels(run.model)
    tokenizer = load_tokenizer(run.path("tokenizer"))
    parts = (run.model, Preprocessor(run.config.model, tokenizer), run.config)
    options = {"temperature": run.temperature, "on_bad_media": on_bad_media}
    with draft_folder(model_folder) as draft:
        write_saved_model(draft, make_signatures(*parts, **options))
        cases = golden_cases(*parts, **options)
        name = os.path.basename(os.path.abspath(model_folder))
        _write_extras(draft, run, cases, batch_sizes, model_name=name)
        write_batching_parameters(draft, batch_sizes)
        verify(draft, cases, releases=releases)
        return publish(draft, model_folder)


def use_portable_kernels(model: keras.Model) -> None:
    """Has recurrent layers run by ops that exist for every device.

    On a machine with a GPU, Keras would put cuDNN's ops into the graph, and a
    server without one could not run it.
    """
    for layer in model._flatten_layers():
        if hasattr(layer, "use_cudnn"):
            layer.use_cudnn = False


def write_saved_model(folder: str, signatures: Mapping[str, Signature]) -> None:
    """Writes a SavedModel, each weight stored once."""
    archive = keras.export.ExportArchive()
    # Not archive.track(model): it would store every weight a second time.
    for name, signature in signatures.items():
        archive.add_endpoint(name, signature.function, signature.inputs)
    archive.write_out(folder, verbose=False)
    updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(folder)
    for name, signature in signatures.items():
        updater.replace_method_name(name, signature.method_name, tags="serve")
    updater.save()


def _write_extras(
    folder: str,
    run: Run,
    cases: list[GoldenCase],
    batch_sizes: tuple[int, ...],
    *,
    model_name: str,
):
    extras = os.path.join(folder, "assets.extra")
    os.mkdir(extras)
    shutil.copyfile(run.path("config.json"), os.path.join(extras, "config.json"))
    path = os.path.join(extras, "class_names.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(run.config.labels.class_names, file, ensure_ascii=False)
    golden = [golden_log(case, model_name) for case in cases]
    write_logs(os.path.join(folder, GOLDEN_REQUESTS), golden)
    warmup = warmup_logs(run.config, batch_sizes, model_name=model_name)
    write_logs(os.path.join(folder, WARMUP_REQUESTS), warmup)

"""Verbs around a served model: `export`, `check` and `serve`."""

import os
import sys
from dataclasses import replace
from typing import Annotated, Literal

from tyro.conf import OmitArgPrefixes, Positional, arg

from export.compatibility.releases import SERVER_RELEASES
from export.serve.options import ServerOptions
from mmtf.cli.console import JsonFlag, read_pairs, start_runtime, start_tensorflow
from mmtf.errors import InputError

_SERVER_DEFAULTS = ServerOptions()


def export(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
    on_bad_media: Literal["absent", "error"] = "absent",
    batch_sizes: tuple[int, ...] = (1, 2, 4, 8, 16, 32),
    server: tuple[str, ...] = SERVER_RELEASES,
) -> int:
    """Publish a run as the next version of a SavedModel for TensorFlow Serving.

    Ends with status 1, and publishes nothing, if a server would not load it or
    would answer otherwise than the run's model.

    Args:
        run: folder written by `mmtf train`.
        model: folder whose numbered subfolders are the versions.
        on_bad_media: score a row without what cannot be decoded, or refuse it.
        batch_sizes: numbers of rows that servers warm up for and merge requests to.
        server: releases of tensorflow_model_server that must run it.
    """
    start_tensorflow()
    from export import VerificationError, export_run

    try:
        print(
            export_run(
                run,
                model,
                on_bad_media=on_bad_media,
                batch_sizes=batch_sizes,
                releases=server,
            )
        )
    except VerificationError as error:
        print(f"mmtf: {error}", file=sys.stderr)
        return 1
    return 0


def check(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME/VERSION")],
    server: tuple[str, ...] = SERVER_RELEASES,
    runtime: tuple[str, ...] = (),
    as_json: JsonFlag = False,
) -> int:
    """Tell whether the stock TensorFlow Serving loads and runs a SavedModel.

    Ends with status 1 if a release does not.

    Args:
        model: a version folder, which holds saved_model.pb; not only mmtf's.
        server: releases of tensorflow_model_server.
        runtime: RELEASE=FOLDER, where that release's own wheels lie unpacked.
        as_json: print the report as JSON.
    """
    from export.compatibility import check as check_model

    runtimes = read_pairs("--runtime", runtime)
    report = check_model(model, releases=server, runtimes=runtimes)
    print(report.to_json() if as_json else report.to_text())
    return 0 if report.passed else 1


def serve(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")] = "",
    server: OmitArgPrefixes[ServerOptions] = _SERVER_DEFAULTS,
) -> None:
    """Answer TensorFlow Serving's gRPC and REST calls here, for development.

    Args:
        model: folder written by `mmtf export`; its last part is the model's name.
        server: the flags of tensorflow_model_server, and a few more.
    """
    import logging

    from export.serve import require_version
    from export.serve import serve as serve_models

    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    if model:
        if server.model_base_path or server.model_config_file:
            raise InputError(
                "A server is told what to serve once. Received: MODELS/NAME and a flag "
                "for the same. Leave one out."
            )
        require_version(model)
        server = replace(server, model_base_path=os.path.abspath(model))
    start_runtime()
    serve_models(server)

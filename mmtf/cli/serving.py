"""Verbs around a served model: `export`, `serve` and `predict`."""

from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.errors import InputError


def export(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
) -> None:
    """Publish a run as the next version of a SavedModel for TensorFlow Serving.

    Args:
        run: folder written by `mmtf train`.
        model: folder whose numbered subfolders are the versions.
    """
    start_tensorflow()
    from export import export_run

    print(export_run(run, model))


def serve(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
    port: int = 8500,
) -> None:
    """Answer TensorFlow Serving's gRPC calls on this machine, for development.

    Args:
        model: folder written by `mmtf export`; its last part is the model's name.
        port: of gRPC.
    """
    start_tensorflow()
    from export.serve import serve as serve_model

    serve_model(model, port=port)


def predict(
    text: str = "",
    image: str = "",
    audio: str = "",
    server: str = "localhost:8500",
    model: str = "demo",
    sample_rate_hz: int = 16000,
    as_json: JsonFlag = False,
) -> None:
    """Ask a server about one row; what is left out is absent.

    Args:
        text: the text itself.
        image: an image file.
        audio: an audio file.
        server: HOST:PORT of `mmtf serve` or of TensorFlow Serving.
        model: the model's name on the server, which is its folder's.
        sample_rate_hz: what the model was trained at; audio is resampled to it.
        as_json: print the answer as JSON.
    """
    if not (text or image or audio):
        raise InputError(
            "A row must have a text, an image or an audio. Received: none. "
            "Give --text, --image or --audio."
        )
    start_tensorflow()
    from export import client

    row = {"text": text, "image": image, "audio": audio}
    (answer,) = client.predict(
        [row], server=server, model=model, sample_rate_hz=sample_rate_hz
    )
    print(dumps(answer) if as_json else client.format_prediction(answer))

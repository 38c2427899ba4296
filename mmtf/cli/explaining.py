"""The verb that says why: `explain`."""

import sys
from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.cli.pages import require_writable
from mmtf.errors import InputError


def explain(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    text: str = "",
    image: str = "",
    audio: str = "",
    class_name: Annotated[str | None, arg(name="class")] = None,
    html: str | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Tell why a run's model answers as it does: by modality, word, place and time.

    Args:
        run: folder written by `mmtf train`.
        text: the text itself; what is left out is absent.
        image: an image file.
        audio: an audio file.
        class_name: the class to explain; the one with the best score when left out.
        html: a file that receives all of it as one page.
        as_json: print the explanation as JSON.
    """
    row = {"text": text, "image": image, "audio": audio}
    if not any(row.values()):
        raise InputError(
            "A row must have a text, an image or an audio. Received: none. "
            "Give --text, --image or --audio."
        )
    if html is not None:
        require_writable(html)
    start_tensorflow()
    explanation = _explain(run, row, class_name)
    if html is not None:
        _write_page(html, explanation)
    if as_json:
        print(dumps(explanation.to_dict()))
        return
    from mmtf.explain import format_explanation

    print(format_explanation(explanation, graphic=sys.stdout.isatty()))


def _explain(run_folder, row, class_name):
    import pipelines
    from mmtf.explain import explain as explain_row
    from mmtf.run import open_run

    run = open_run(run_folder)
    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    batch = _read(row, run.config.model, tokenizer)
    return explain_row(run, batch, tokenizer, class_name=class_name)


def _read(row, config, tokenizer):
    import pipelines
    from export.client.options import Options
    from export.client.rows import check_whole, prepare_row

    # As `mmtf build` and `mmtf predict` make rows of files.
    options = Options(sample_rate_hz=config.audio.sample_rate_hz)
    inputs = check_whole(row, prepare_row(row, options)).inputs
    preprocessor = pipelines.Preprocessor(config, tokenizer)
    columns = {name: [value] for name, value in inputs.items()}
    return preprocessor.batch(**columns, on_bad_media="error")


def _write_page(path, explanation):
    from mmtf.explain import explanation_page
    from mmtf.run import write_text

    write_text(path, explanation_page(explanation))
    print(path, file=sys.stderr)

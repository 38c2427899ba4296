"""The command line: `mmtf VERB`.

The only module that joins mmtf, pipelines and export. Each verb is a function
whose signature and docstring are its options and its help; what a verb needs is
imported inside it, so that `mmtf --help` answers at once. Progress goes to
stderr, results to stdout. A mistake of the user's ends with one sentence and
exit status 2.
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Literal

import tyro
from tyro.conf import Positional, arg

from mmtf import presets
from mmtf.config import Config, DataConfig, Labels, ModelConfig, TrainConfig
from mmtf.console import start_tensorflow
from mmtf.errors import InputError

JsonFlag = Annotated[bool, arg(name="json")]
PresetName = Literal["tiny", "small", "base", "cnn_rnn"]


def main(args: Sequence[str] | None = None) -> int:
    """Runs one verb.

    Args:
        args: the words after `mmtf`; those of the process when None.

    Returns:
        Exit status: 0, or 2 for a mistake of the user's.
    """
    args = list(sys.argv[1:] if args is None else args)
    try:
        verbs = _verbs(presets.preset(_preset_name(args)))
        tyro.extras.subcommand_cli_from_dict(
            verbs,
            prog="mmtf",
            description="Train on text, image and audio together, and serve it.",
            args=args,
        )
    except InputError as error:
        print(f"mmtf: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _preset_name(args):
    # The preset gives the other options' defaults, so it is read before them.
    for index, word in enumerate(args):
        if word.startswith("--preset="):
            return word.partition("=")[2]
        if word == "--preset" and index + 1 < len(args):
            return args[index + 1]
    return "small"


def _verbs(base: Config) -> dict[str, Callable]:
    return {
        "demo": demo,
        "build": build,
        "train": _train_verb(base),
        "evaluate": evaluate,
        "export": export,
        "serve": serve,
        "predict": predict,
    }


def demo(
    out: Annotated[Positional[str], arg(metavar="OUT")],
    rows: int = 1600,
    seed: int = 0,
) -> None:
    """Write a generated corpus with its own manifest, to try everything on.

    Args:
        out: folder that receives manifest.csv, images, audio and oracle.json.
        rows: how many rows.
        seed: same seed, same corpus.
    """
    from tqdm import tqdm

    from pipelines.demo import write_demo

    write_demo(out, rows=rows, seed=seed, progress=partial(tqdm, unit="row"))
    print(f"{out}/manifest.csv")


def build(
    manifest: Annotated[Positional[str], arg(metavar="MANIFEST")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    label: str = "label",
    task: Literal["classification", "regression"] = "classification",
    image_side: int = 256,
    sample_rate_hz: int = 16000,
    split_fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
    num_shards: int | None = None,
    processes: int | None = None,
    on_error: Literal["drop", "fail"] = "drop",
    overwrite: bool = False,
    as_json: JsonFlag = False,
) -> None:
    """Turn a manifest of rows into TFRecord shards.

    Args:
        manifest: CSV, JSONL or Parquet with the columns text, image, audio and
            label, and optionally id and split.
        data: folder that receives the shards.
        label: column that holds the label.
        task: names of classes, or numbers.
        image_side: most pixels of an image's short side.
        sample_rate_hz: what audio is resampled to.
        split_fractions: train, validation and test among the rows that name no split.
        num_shards: files per split; chosen from the size when left out.
        processes: workers; as many as there are cores when left out.
        on_error: leave a bad row out and report it, or stop at the first.
        overwrite: replace DATA when it exists.
        as_json: print the report as JSON.
    """
    start_tensorflow()
    from pipelines.build import build as build_shards

    report = build_shards(
        manifest,
        data,
        label=label,
        task=task,
        image_side=image_side,
        sample_rate_hz=sample_rate_hz,
        split_fractions=split_fractions,
        num_shards=num_shards,
        processes=processes,
        on_error=on_error,
        overwrite=overwrite,
    )
    print(report.to_json().rstrip() if as_json else report)


def _train_verb(base: Config) -> Callable:
    def train(
        data_folder: Annotated[Positional[str], arg(metavar="DATA")],
        run_folder: Annotated[Positional[str], arg(metavar="RUN")],
        preset: PresetName = "small",
        overwrite: bool = False,
        data: DataConfig = base.data,
        model: ModelConfig = base.model,
        train: TrainConfig = base.train,
    ) -> None:
        """Train a model on shards.

        Args:
            data_folder: folder written by `mmtf build`.
            run_folder: folder that receives the model, its history and logs.
            preset: gives the options below their defaults.
            overwrite: replace RUN when it exists.
        """
        config = Config(data=data, model=model, train=train, labels=Labels())
        _train(data_folder, run_folder, config, overwrite=overwrite)

    return train


def _train(data_folder, run_folder, config, *, overwrite):
    start_tensorflow()
    import pipelines
    from mmtf import distribution, training
    from mmtf.run import create_run

    # Before the first computation, which fixes the devices.
    distribution.split_cpu(config.train.virtual_devices)

    info = pipelines.read_info(data_folder)
    config = dataclasses.replace(config, labels=info.labels)
    tokenizer = pipelines.make_tokenizer(data_folder, config)
    datasets = {
        "train": pipelines.train_dataset(data_folder, config, tokenizer),
        "validation": pipelines.eval_dataset(
            data_folder, config, tokenizer, split="validation"
        ),
    }
    run = create_run(run_folder, config, overwrite=overwrite)
    pipelines.save_tokenizer(tokenizer, run.path("tokenizer"))
    training.fit(
        config,
        datasets["train"],
        datasets["validation"],
        run,
        class_weight=_class_weight(data_folder, config),
    )
    print(run.path("model.keras"))


def _class_weight(data_folder, config):
    from mmtf.training import balanced_class_weight
    from pipelines import read_report

    if not config.train.class_weights:
        return None
    if config.labels.task == "regression":
        raise InputError(
            "`--train.class-weights` must go with classes. Received: DATA for "
            "regression. Leave the option out."
        )
    counts = read_report(data_folder).splits["train"].labels
    names = config.labels.class_names
    return balanced_class_weight([int(counts.get(name, 0)) for name in names])


def evaluate(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    splits: tuple[str, ...] = ("validation", "test"),
    batch_size: int | None = None,
    oracle: str | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure a run on every subset of the modalities; writes RUN/metrics.json.

    Args:
        run: folder written by `mmtf train`.
        data: folder written by `mmtf build`.
        splits: which splits; those that DATA lacks are left out.
        batch_size: rows at a time; that of training when left out.
        oracle: the demo's oracle.json, to show beside each accuracy the best possible.
        as_json: print the metrics as JSON.
    """
    start_tensorflow()
    from mmtf.evaluation import format_table

    metrics = _evaluate(run, data, splits, batch_size)
    if as_json:
        print(_dumps(metrics))
        return
    best = _read_oracle(oracle) if oracle else None
    tables = [format_table(split, m, oracle=best) for split, m in metrics.items()]
    print("\n\n".join(tables))


def _evaluate(run_folder, data, splits, batch_size):
    import pipelines
    from mmtf import evaluation
    from mmtf.run import open_run, write_text

    run = open_run(run_folder)
    info = pipelines.read_info(data)
    if info.labels != run.config.labels:
        raise InputError(
            "DATA must have the labels that RUN was trained on. Received: "
            f"{info.labels} instead of {run.config.labels}."
        )
    chosen = [split for split in splits if split in info.splits]
    if not chosen:
        raise InputError(
            f"`--splits` must name a split of DATA. Received: {' '.join(splits)}. "
            f"DATA has {', '.join(sorted(info.splits))}."
        )
    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    metrics = {}
    for split in chosen:
        dataset = pipelines.eval_dataset(
            data, run.config, tokenizer, split=split, batch_size=batch_size
        )
        metrics[split] = evaluation.evaluate(run.model, dataset, info.labels)
    write_text(run.path("metrics.json"), _dumps(metrics) + "\n")
    return metrics


def _read_oracle(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["accuracy"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"`--oracle` must be the oracle.json of `mmtf demo`. Received: {path!r}."
        ) from error


def _dumps(value):
    return json.dumps(value, indent=2, allow_nan=False)


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
    print(_dumps(answer) if as_json else client.format_prediction(answer))

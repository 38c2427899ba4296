"""The verb that measures how a run stands up to missing and noisy input."""

import os
from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.errors import InputError


def robustness(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    split: str = "test",
    seed: int = 0,
    as_json: JsonFlag = False,
) -> None:
    """Measure a run as modalities go missing or noisy; writes RUN/robustness.json.

    Args:
        run: folder that `mmtf evaluate` has measured on this split.
        data: folder written by `mmtf build`.
        split: which split.
        seed: of the noise and of the rows that lose a modality.
        as_json: print robustness.json.
    """
    if not 0 <= seed < 2**32:
        raise InputError(f"`--seed` must be from 0 to 2**32 - 1. Received: {seed}.")
    start_tensorflow()
    from mmtf.evaluation import format_robustness
    from mmtf.run import write_text

    opened, predictions = _open(run, data, split)
    report = {
        "split": split,
        "examples": len(predictions.labels),
        "seed": seed,
        "dropped": _dropped(opened, predictions, seed),
        "noise": _noise(opened, data, split, seed, len(predictions.labels)),
    }
    write_text(opened.path("robustness.json"), dumps(report) + "\n")
    print(dumps(report) if as_json else format_robustness(report))


def _open(folder, data, split):
    import pipelines
    from mmtf.evaluation import Predictions
    from mmtf.run import open_run

    run, info = open_run(folder), pipelines.read_info(data)
    path = run.path(f"predictions/{split}.npz")
    if not os.path.isfile(path):
        # Scores are calibrated on validation.
        splits = " ".join(dict.fromkeys(("validation", split)))
        raise InputError(
            f"RUN must have been evaluated on the split. Received: {folder!r}, which "
            f"has no predictions/{split}.npz. Run `mmtf evaluate {folder} {data} "
            f"--splits {splits}` first."
        )
    predictions = Predictions.load(path)
    known = info.splits.get(split)
    if info.labels != run.config.labels or (
        known is not None and known.num_examples != len(predictions.labels)
    ):
        raise InputError(
            "DATA must be what RUN was evaluated on. Received: "
            f"{data!r}, with other labels or rows. Run `mmtf evaluate` on it first."
        )
    return run, predictions


def _dropped(run, predictions, seed):
    from mmtf.evaluation import dropped_curves

    return dropped_curves(
        predictions,
        task=run.config.labels.task,
        temperature=run.temperature,
        modalities=run.config.model.modalities,
        seed=seed,
    )


def _noise(run, data, split, seed, num_rows):
    from tqdm import tqdm

    import pipelines
    from mmtf.evaluation import noise_curves
    from pipelines.corruption import CORRUPTIONS

    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))

    def dataset(**how):
        return pipelines.eval_dataset(data, run.config, tokenizer, split=split, **how)

    def corrupted(corruption, level):
        return dataset(
            modalities=(corruption.modality,), corrupt=corruption.at(level, seed=seed)
        )

    modalities = run.config.model.modalities
    corruptions = [c for c in CORRUPTIONS if c.modality in modalities]
    passes = 1 + sum(len(corruption.levels) for corruption in corruptions)
    with tqdm(total=passes * num_rows, unit="row", disable=None) as bar:
        return noise_curves(
            run.model,
            dataset(),
            corruptions,
            corrupted,
            task=run.config.labels.task,
            temperature=run.temperature,
            advance=bar.update,
        )

"""What the seven subsets cost: their evaluation beside that of the full model alone.

    python -m benchmarks.evaluation RUN DATA

reads the batches of a split once, then has the model answer them alone and for all
subsets, in turn, so that both have the same weather. The third line adds the figures,
with their intervals and tests, to which reading and encoding belong no more.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Annotated

import tensorflow as tf
import tyro
from tqdm import tqdm
from tyro.conf import Positional, arg

import pipelines
from benchmarks.machine import describe_machine, format_machine
from mmtf.errors import InputError
from mmtf.evaluation import SubsetPredictor, evaluate
from mmtf.run import open_run

ALONE, SUBSETS, FIGURES = "full model", "seven subsets", "seven subsets and figures"


def main(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    split: str = "test",
    repeats: int = 9,
) -> None:
    """Measure all subsets beside the full model alone.

    Args:
        run: folder written by `mmtf train`.
        data: folder written by `mmtf build`.
        split: which split.
        repeats: of each measurement.
    """
    if repeats < 1:
        raise InputError(f"`--repeats` must be 1 or more. Received: {repeats}.")
    opened = open_run(run)
    tokenizer = pipelines.load_tokenizer(opened.path("tokenizer"))
    dataset = pipelines.eval_dataset(data, opened.config, tokenizer, split=split)
    works = make_works(opened.model, list(dataset), opened.config.labels)
    print(format_seconds(measure(works, repeats)))
    print(f"\n{format_machine(describe_machine())}")


def make_works(model, batches: list, labels) -> dict[str, Callable[[], object]]:
    """What is measured, by name; the first is what the others are compared with.

    Args:
        model: what `mmtf.build_model` makes.
        batches: `(batch, label)`.
        labels: a `mmtf.config.Labels`.
    """
    answer = tf.function(lambda batch: model(batch, training=False))
    predictor = SubsetPredictor(model)
    return {
        ALONE: lambda: [answer(batch).numpy() for batch, _ in batches],
        SUBSETS: lambda: predictor.predict(batches),
        FIGURES: lambda: evaluate(predictor.predict(batches), labels),
    }


def measure(
    works: dict[str, Callable[[], object]], repeats: int
) -> dict[str, list[float]]:
    """Seconds of each work, `repeats` times in turn, after one time unmeasured."""
    seconds = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in tqdm(range(repeats), leave=False, disable=None):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def format_seconds(seconds: dict[str, list[float]]) -> str:
    """Medians, and their ratio to the first one's, a line each."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    first = next(iter(medians.values()))
    width = max(len(name) for name in medians)
    return "\n".join(
        f"{name:<{width}}  {median:8.3f} s  {median / first:6.2f} times"
        for name, median in medians.items()
    )


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")

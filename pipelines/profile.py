"""How fast each stage of the input pipeline is, and which one holds it up.

A stage is measured alone, on rows that lie in memory, with all the threads that
tf.data gives it; then the chains as training and evaluation use them. What a stage
makes is looked at, not carried away: that is the work of the stage `batch`.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from keras_hub.models import BertTokenizer

from mmtf.config import Config, ModelConfig
from mmtf.errors import InputError
from mmtf.features import IMAGE
from pipelines.info import DataInfo
from pipelines.profile_chains import WHOLE, Chain, make_chains

# Elements that a chain gives before its clock starts, so that threads are at work.
_WARM_UP = 2


@dataclass(frozen=True)
class StageRate:
    """What was measured of one stage."""

    stage: str
    rows_per_second: float
    cpu_seconds_per_row: float
    """Of all threads together."""


def profile_input(
    data: str,
    config: Config,
    tokenizer: BertTokenizer,
    *,
    split: str = "train",
    seconds: float = 1.0,
    rounds: int = 3,
    progress: Callable[[range], Iterable[int]] = iter,
) -> list[StageRate]:
    """Measures the stages in turn, several times each; figures are medians.

    Args:
        data: folder written by `mmtf build`.
        config: the run's configuration.
        tokenizer: the run's tokenizer.
        split: which split.
        seconds: how long a stage is watched each time.
        rounds: how often.
        progress: wraps the rounds, such as tqdm.

    Raises:
        InputError: the data do not fit the configuration, or nothing would be
            measured.
    """
    if not (seconds > 0 and rounds > 0):
        raise InputError(
            "`seconds` and `rounds` must be greater than 0. Received: "
            f"seconds={seconds}, rounds={rounds}."
        )
    chains = make_chains(data, config, tokenizer, split=split)
    watched = {name: [] for name in chains}
    for _ in progress(range(rounds)):
        for name, chain in chains.items():
            watched[name].append(_watch(chain, seconds))
    return [
        StageRate(name, *map(statistics.median, zip(*figures, strict=True)))
        for name, figures in watched.items()
    ]


def slowest_stage(rates: list[StageRate]) -> StageRate:
    """The stage that gives the fewest rows per second; whole chains do not count."""
    alone = [rate for rate in rates if rate.stage not in WHOLE]
    return min(alone, key=lambda rate: rate.rows_per_second)


def advise(info: DataInfo, model: ModelConfig) -> list[str]:
    """Sentences on what would make the chains faster, if anything is known."""
    if IMAGE not in model.modalities or info.image_side <= model.image.size:
        return []
    return [
        f"DATA holds images of up to {info.image_side} pixels, of which the model "
        f"takes {model.image.size}: `mmtf build --image-side {model.image.size}` "
        "makes shards with less to decode and nothing to resize."
    ]


def _watch(chain: Chain, seconds: float) -> tuple[float, float]:
    """Rows per second, and CPU seconds per row."""
    elements = iter(chain.elements.repeat())
    for _ in range(_WARM_UP):
        next(elements)
    num_rows, start, cpu_start = 0, time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - start) < seconds or not num_rows:
        num_rows += chain.count_rows(next(elements))
    return num_rows / passed, (time.process_time() - cpu_start) / num_rows

"""The verb that measures this machine at work: `bench`."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.cli.training import PresetName
from mmtf.config import Config, DataConfig, ModelConfig, TrainConfig
from mmtf.machine import describe_machine, format_machine


def bench_verb(base: Config) -> Callable:
    def bench(
        what: Annotated[Positional[Literal["input"]], arg(metavar="input")],
        data_folder: Annotated[Positional[str], arg(metavar="DATA")],
        preset: PresetName = "small",
        split: str = "train",
        batch_size: int = base.train.batch_size,
        seconds: float = 1.0,
        rounds: int = 3,
        as_json: JsonFlag = False,
        data: DataConfig = base.data,
        model: ModelConfig = base.model,
    ) -> None:
        """Tell how fast the input pipeline is, stage by stage, on this machine.

        Args:
            what: the input pipeline.
            data_folder: folder written by `mmtf build`.
            preset: gives the model's and the data's options their defaults.
            split: whose rows to read.
            batch_size: rows in a batch.
            seconds: how long a stage is watched each time.
            rounds: how often each stage is watched.
            as_json: print the figures as JSON.
        """
        train = TrainConfig(batch_size=batch_size)
        config = Config(data=data, model=model, train=train)
        found = _profile(data_folder, config, split, seconds, rounds)
        print(dumps(found) if as_json else _format(found))

    return bench


def _profile(data, config, split, seconds, rounds):
    start_tensorflow()
    from tqdm import tqdm

    import pipelines
    from pipelines import profile

    rates = profile.profile_input(
        data,
        config,
        pipelines.make_tokenizer(data, config),
        split=split,
        seconds=seconds,
        rounds=rounds,
        progress=partial(tqdm, unit="round", leave=False, disable=None),
    )
    return {
        "stages": [asdict(rate) for rate in rates],
        "slowest_stage": profile.slowest_stage(rates).stage,
        "advice": profile.advise(pipelines.read_info(data), config.model),
        "machine": describe_machine(),
    }


def _format(found):
    heading = f"{'stage':<20}{'rows/s':>10}{'CPU ms a row':>15}"
    lines = [heading, "-" * len(heading)]
    for rate in found["stages"]:
        rows, cpu_ms = rate["rows_per_second"], 1e3 * rate["cpu_seconds_per_row"]
        lines.append(f"{rate['stage']:<20}{rows:>10,.0f}{cpu_ms:>15.3f}")
    slowest = f"The slowest stage is {found['slowest_stage']}."
    words = [
        *lines,
        "",
        slowest,
        *found["advice"],
        "",
        format_machine(found["machine"]),
    ]
    return "\n".join(words)

"""Twenty minutes of everything that a server may meet.

    python -m benchmarks.soak MODELS/NAME

serves a copy of the model and sends good and malformed requests, by gRPC and REST, from
several clients, while new versions come and old ones go. It ends with status 1 and says
why if the server crashed, gave a wrong answer, failed a good request, took a malformed
one, or grew.
"""

import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Annotated

import tyro
from tqdm import tqdm
from tyro.conf import OmitArgPrefixes, Positional, arg

from benchmarks.machine import describe_machine, format_machine
from benchmarks.server_process import ServerProcess
from benchmarks.soak_client import Traffic
from benchmarks.soak_golden import read_golden_rows
from benchmarks.soak_memory import summarize
from benchmarks.soak_reload import Reloader
from benchmarks.soak_report import Report, format_report
from benchmarks.soak_traffic import TrafficProcesses
from export.versions import list_versions
from mmtf.errors import InputError

_TICK_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How long and how hard."""

    minutes: float = 20.0
    reload_seconds: float = 30.0
    """Between new versions."""
    bad_share: float = 0.1
    """How much of the traffic is malformed."""
    processes: int = 2
    """That send traffic."""
    threads: int = 2
    """Clients in each of them."""
    enable_batching: bool = False
    """Has the server merge requests, good and bad ones alike."""
    max_growth: float = 0.03
    """How much more memory the server may take at the end than after its warm-up."""


_DEFAULTS = Settings()


def main(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
    settings: OmitArgPrefixes[Settings] = _DEFAULTS,
) -> None:
    """Try the local server for a long time, with good and malformed requests.

    Args:
        model: folder written by `mmtf export`.
        settings: how long and how hard.
    """
    report = soak(model, settings)
    print(format_report(report))
    print(format_machine(describe_machine()))
    sys.exit(1 if report.num_failures else 0)


def soak(model: str, settings: Settings) -> Report:
    """Serves a copy of a model under traffic.

    Args:
        model: MODELS/NAME.
        settings: how long and how hard.

    Returns:
        What was sent, and all that went wrong.
    """
    name, folder = "soaked", max(list_versions(model).items())[1]
    with tempfile.TemporaryDirectory() as models:
        base_path = os.path.join(models, name)
        shutil.copytree(folder, os.path.join(base_path, "1"))
        inputs, expected = read_golden_rows(folder)
        flags = ["--enable_batching"] if settings.enable_batching else []
        with ServerProcess(base_path, *flags) as server:
            traffic = Traffic(
                server.port,
                server.rest_port,
                name,
                inputs,
                expected,
                settings.bad_share,
            )
            report = _watch(server, base_path, traffic, settings)
            if status := server.stop():
                report.fail(f"The server ended with {status}: {server.output()}")
    return report


def _watch(server, base_path, traffic, settings):
    report, samples, seconds = Report(), [], 60 * settings.minutes
    url = f"http://127.0.0.1:{server.rest_port}/v1/models/{traffic.model}"
    reloader = Reloader(base_path, url, settings.reload_seconds, report)
    processes = TrafficProcesses(
        traffic,
        seconds=seconds,
        num_processes=settings.processes,
        num_threads=settings.threads,
    )
    for _ in tqdm(range(round(seconds / _TICK_SECONDS)), unit="s", disable=None):
        time.sleep(_TICK_SECONDS)
        if not server.is_running():
            report.fail(f"The server crashed. It said: {server.output()}")
            break
        samples.append(server.memory_bytes())
        reloader.tick()
    report += processes.report()
    if server.is_running():
        reloader.finish()
    _judge_memory(report, samples, settings)
    return report


def _judge_memory(report, samples, settings):
    series, growth = summarize(samples)
    shown = ", ".join(map(str, series))
    print(f"Memory over time, MB: {shown}; at most {max(samples) / 1e6:.1f}.")
    print(f"It grew by {growth:.1%} after the warm-up.")
    if growth > settings.max_growth:
        report.fail(f"Memory grew by {growth:.1%}; {settings.max_growth:.0%} may be.")


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")

"""Measures servers and sessions in turn."""

import contextlib
import dataclasses
import os
import tempfile
from dataclasses import dataclass

from google.protobuf import text_format
from tqdm import tqdm

from benchmarks.load import Measurement
from benchmarks.load_process import LoadProcess
from benchmarks.payloads import sample_rate
from benchmarks.server_process import ServerProcess
from benchmarks.serving_table import SESSION, Cell
from benchmarks.targets import Target
from export.protocol import BatchingParameters
from export.versions import list_versions

_ENQUEUED_BATCHES = 1000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How much is measured."""

    seconds: float = 1.5
    """Of each load, in each round."""
    rounds: int = 3
    clients: tuple[int, ...] = (1, 2, 4, 8)
    """Clients that wait for answers."""
    shares: tuple[float, ...] = (0.25, 0.5, 0.75)
    """Rates of requests that do not wait, in parts of what the session can do."""
    rates: tuple[float, ...] = ()
    """The same in requests per second, in place of the shares."""
    max_batch_size: int = 4
    """Rows that the batching servers merge. Fewer than clients, so that one batch
    fills while another is computed: clients that all wait for the same batch leave
    the session idle until they have asked again."""
    batch_timeout_micros: int = 2000
    """How long the server waits for a batch to fill up."""
    num_batch_threads: int = 0
    """Batches that the server runs at a time; 0: one a core, its own default."""
    intra_op_threads: int = 0
    """Threads within one operation, of servers and sessions; 0: one a core."""

    def batch_size(self, num_clients: int) -> int:
        """The largest batch that so many clients can fill."""
        return min(num_clients, self.max_batch_size)


def measure(model: str, settings: Settings) -> list[Cell]:
    """Starts servers and load, and measures everything in turn.

    Args:
        model: MODELS/NAME.
        settings: how much is measured.
    """
    with contextlib.ExitStack() as stack:
        bench = _Bench(stack, model, settings)
        with tqdm(total=bench.num_loops, leave=False, disable=None) as progress:
            for num_clients in settings.clients:
                bench.measure_clients(num_clients, progress)
            for rate in settings.rates or bench.rates():
                bench.measure_rate(rate, progress)
        return bench.cells


class _Bench:
    """Two servers, and a process that puts load on each target."""

    def __init__(self, stack, model, settings):
        self._settings = settings
        folder = max(list_versions(model).items())[1]
        rate, name = sample_rate(folder), os.path.basename(os.path.abspath(model))
        flags = _flags(settings)
        plain = stack.enter_context(ServerProcess(model, *flags))
        flags += _batching_flags(stack, settings)
        batching = stack.enter_context(ServerProcess(model, *flags))
        threads = settings.intra_op_threads
        session = Target("session", folder, rate, intra_op_threads=threads)
        targets = {
            SESSION: session,
            "gRPC": Target("grpc", plain.port, rate, model=name),
            "REST": Target("rest", plain.rest_port, rate, model=name),
            "gRPC, batching": Target("grpc", batching.port, rate, model=name),
            "REST, batching": Target("rest", batching.rest_port, rate, model=name),
        }
        self._batches = {
            _batch_name(rows): dataclasses.replace(session, num_rows=rows)
            for rows in map(settings.batch_size, settings.clients)
        }
        self._processes = {
            key: stack.enter_context(LoadProcess(target))
            for key, target in (targets | self._batches).items()
        }
        self._names = list(targets)
        self.cells = []
        num_loads = len(settings.clients) + len(settings.rates or settings.shares)
        num_cells = num_loads * len(targets) + len(settings.clients)
        self.num_loops = settings.rounds * num_cells

    def measure_clients(self, num_clients, progress):
        """Each target under clients that wait, and the session in batches."""
        load = "1 client" if num_clients == 1 else f"{num_clients} clients"
        batch = _batch_name(self._settings.batch_size(num_clients))
        options = {name: {"num_clients": num_clients} for name in self._names}
        options |= {batch: {"num_clients": 1}}
        self._measure(load, "closed", options, batch, progress)

    def measure_rate(self, per_second, progress):
        """Each target under requests that do not wait."""
        load = f"{per_second:.3g} requests/s"
        options = {name: {"per_second": per_second} for name in self._names}
        self._measure(load, "open", options, SESSION, progress)

    def rates(self):
        """Requests per second, from what the session did for most clients."""
        capacity = max(
            cell.measurement.requests_per_second
            for cell in self.cells
            if cell.target == SESSION
        )
        return [share * capacity for share in self._settings.shares]

    def _measure(self, load, loop, options, batch, progress):
        sums = {name: Measurement() for name in options}
        for _ in range(self._settings.rounds):
            for name in options:
                progress.set_description(f"{load}, {name}")
                sums[name] += self._processes[name].measure(
                    loop, seconds=self._settings.seconds, **options[name]
                )
                progress.update()
        for name, measured in sums.items():
            rows = self._batches[name].num_rows if name in self._batches else 1
            rival = batch if name.endswith("batching") else SESSION
            self.cells.append(Cell(load, name, rows, measured, rival))


def _batch_name(num_rows):
    return f"{SESSION}, batch of {num_rows}"


def _flags(settings):
    # A large model takes minutes to answer its recorded requests, and those may be
    # larger than the batches here; load warms up as well.
    threads = ["--tensorflow_intra_op_parallelism", str(settings.intra_op_threads)]
    return ["--no-enable_model_warmup", *threads]


def _batching_flags(stack, settings):
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    path = os.path.join(folder, "batching.pbtxt")
    parameters = BatchingParameters(
        max_batch_size={"value": settings.max_batch_size},
        batch_timeout_micros={"value": settings.batch_timeout_micros},
        max_enqueued_batches={"value": _ENQUEUED_BATCHES},
    )
    if settings.num_batch_threads:
        parameters.num_batch_threads.value = settings.num_batch_threads
    with open(path, "w", encoding="utf-8") as file:
        file.write(text_format.MessageToString(parameters))
    return ["--enable_batching", "--batching_parameters_file", path]

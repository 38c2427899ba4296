"""Clients in processes of their own, several threads in each."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from benchmarks.soak_client import Client, Traffic
from benchmarks.soak_report import Report


class TrafficProcesses:
    """Sends traffic for a time.

    Args:
        traffic: what is sent.
        seconds: how long.
        num_processes: so many processes.
        num_threads: clients in each.
    """

    def __init__(
        self,
        traffic: Traffic,
        *,
        seconds: float,
        num_processes: int = 2,
        num_threads: int = 2,
    ):
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(num_processes, mp_context=context)
        self._pending = [
            self._pool.submit(send_traffic, traffic, seconds, num_threads, seed)
            for seed in range(0, num_processes * num_threads, num_threads)
        ]

    def report(self) -> Report:
        """Waits for the end, and tells what came of it."""
        report = Report()
        with self._pool:
            for future in self._pending:
                report += future.result()
        return report


def send_traffic(
    traffic: Traffic, seconds: float, num_threads: int, seed: int
) -> Report:
    """Sends traffic from several threads of this process.

    Args:
        traffic: what is sent.
        seconds: how long.
        num_threads: clients.
        seed: of the first one; the others have the next ones.
    """
    clients = [Client(traffic, seed + number) for number in range(num_threads)]
    report = Report()
    with ThreadPoolExecutor(num_threads) as pool:
        # An error in a client is one in this program.
        list(pool.map(lambda client: client.run(seconds), clients))
    for client in clients:
        report += client.report
    return report

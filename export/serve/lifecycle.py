"""Versions on their way from START to END.

Transitions follow `next_action`. Loading and closing take threads of their own, so
that no request and no poll waits for them.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from export.runtime.status import Code, StatusError
from export.serve.loading import close_servable, give_memory_back, load_with_retries
from export.serve.models import Models, State, VersionStatus
from export.serve.policy import Kind, Snapshot, next_action
from export.serve.servable import Servable

_logger = logging.getLogger(__name__)
_NOT_TRIED = "Load cancelled before we could try to load."
_NO_LONGER_WANTED = "The version was no longer wanted when it had loaded."


@dataclass(eq=False)
class _Record:
    """One attempt at having a version; a version wanted anew gets a new one."""

    name: str
    version: int
    folder: str
    # Set for good when the version stops being wanted before it has loaded.
    cancelled: threading.Event = field(default_factory=threading.Event)
    # What was withdrawn and is to be closed.
    servable: Servable | None = None


class Lifecycle:
    """Loads what is wanted and unloads what is not; thread-safe.

    One lock guards the wanted versions and their records. Every change of a state in
    `models` is made under it, so a transition is decided on states that hold. The lock
    of `models` is taken under it, never the other way round. It is not held while a
    version loads, drains or closes. Methods that say so expect it to be held.

    Args:
        models: where requests find what is available.
        load: `load(name, version, folder)` gives a Servable, or raises.
        max_num_load_retries: tries after the first.
        load_retry_interval_seconds: the time between tries.
        num_load_threads: versions that may load at one time.
        num_unload_threads: versions that may close at one time.

    Attributes:
        num_load_threads: as above; what it is set to counts for the loads to come.
    """

    def __init__(
        self,
        models: Models,
        load: Callable[[str, int, str], Servable],
        *,
        max_num_load_retries: int,
        load_retry_interval_seconds: float,
        num_load_threads: int,
        num_unload_threads: int,
    ):
        self.num_load_threads = num_load_threads
        self._models = models
        self._load = load
        self._max_num_load_retries = max_num_load_retries
        self._load_retry_interval_seconds = load_retry_interval_seconds
        self._closing = threading.BoundedSemaphore(num_unload_threads)
        self._changed = threading.Condition(threading.Lock())
        self._wanted: dict[str, dict[int, str]] = {}
        self._records: dict[str, dict[int, _Record]] = {}
        self._num_loading = 0
        self._stopping = False

    def configure(self, names: Collection[str]) -> None:
        """Says which models there are; the versions of others are not wanted."""
        with self._changed:
            if not self._stopping:
                self._wanted = {name: self._wanted.get(name, {}) for name in names}
                self._advance()

    def want(self, name: str, versions: Mapping[int, str]) -> None:
        """Says which versions of a configured model are wanted, and where they are.

        A version that failed is tried again only after it was not wanted meanwhile.
        """
        with self._changed:
            if name in self._wanted:
                self._wanted[name] = dict(versions)
                self._advance()

    def wait_until_settled(
        self, names: Collection[str], timeout_seconds: float | None = None
    ) -> dict[str, VersionStatus | None]:
        """Waits until each model has a version that is available, or that failed.

        Args:
            names: of models.
            timeout_seconds: how long to wait; without end by default.

        Returns:
            The status that settled each; None for models that have not.

        Raises:
            StatusError: ABORTED when a model is not configured any more,
                UNAVAILABLE when everything stops.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: all(map(self._settled, names)), timeout_seconds
            )
            return {name: self._settled(name) for name in names}

    def stop(self, timeout_seconds: float | None = None) -> bool:
        """Unloads everything, and loads nothing more.

        Args:
            timeout_seconds: how long to wait for loads under way and for requests
                that use a servable; without end by default.

        Returns:
            Whether all is unloaded.
        """
        with self._changed:
            self._stopping = True
            self._wanted = {}
            self._advance()
            return self._changed.wait_for(
                lambda: not any(self._records.values()), timeout_seconds
            )

    def _settled(self, name) -> VersionStatus | None:
        """What `wait_until_settled` tells of a model; the lock is held."""
        if self._stopping:
            raise StatusError(Code.UNAVAILABLE, "The server is stopping.")
        if name not in self._wanted:
            message = f"Model {name} was taken out of the configuration meanwhile."
            raise StatusError(Code.ABORTED, message)
        states = {State.AVAILABLE: None, State.END: None}
        for snapshot in self._snapshots(name):
            if snapshot.wanted and snapshot.state in states:
                states[snapshot.state] = self._models.status(name, snapshot.version)
        return states[State.AVAILABLE] or states[State.END]

    def _snapshots(self, name) -> list[Snapshot]:
        """Where a model's versions stand; the lock is held."""
        wanted = self._wanted.get(name, {})
        return [
            # One that is wanted anew while it loads in vain, or unloads, counts as
            # wanted: what serves meanwhile must not go.
            Snapshot(
                version, self._models.status(name, version).state, version in wanted
            )
            for version in sorted(self._records.get(name, {}))
        ]

    def _advance(self):
        """Does all that can be done now; the lock is held."""
        for name in {**self._wanted, **self._records}:
            self._reconcile(name)
            while action := next_action(self._snapshots(name)):
                record = self._records[name][action.version]
                if action.kind is Kind.UNLOAD:
                    self._start_unload(record)
                elif self._num_loading < self.num_load_threads:
                    self._start_load(record)
                else:
                    break
        self._changed.notify_all()

    def _reconcile(self, name):
        """Makes a model's records those of the wanted versions; the lock is held.

        Those that are on their way keep theirs until they have ended.
        """
        wanted = self._wanted.get(name, {})
        records = self._records.setdefault(name, {})
        for version in set(records) - set(wanted):
            self._give_up(records[version])
        for version, folder in wanted.items():
            if version not in records:
                records[version] = _Record(name, version, folder)
                self._set_state(records[version], State.START)
            records[version].folder = folder
        if not records:
            del self._records[name]

    def _give_up(self, record):
        """Lets go of a version that is not wanted; the lock is held."""
        state = self._models.status(record.name, record.version).state
        if state is State.START:
            error = StatusError(Code.CANCELLED, _NOT_TRIED)
            self._set_state(record, State.END, error)
        if state in (State.START, State.END):
            del self._records[record.name][record.version]
        elif state is State.LOADING:
            record.cancelled.set()

    def _start_load(self, record):
        """Starts loading; the lock is held."""
        self._num_loading += 1
        self._set_state(record, State.LOADING)
        _start_thread(self._run_load, record)

    def _run_load(self, record):
        """A load thread's work; takes the lock when the outcome is there."""
        try:
            servable = load_with_retries(
                lambda: self._load(record.name, record.version, record.folder),
                what=f"{record.name} {record.version}",
                cancelled=record.cancelled,
                max_num_retries=self._max_num_load_retries,
                interval_seconds=self._load_retry_interval_seconds,
            )
        except StatusError as error:
            self._end_load(record, error)
            return
        with self._changed:
            unwanted = record.cancelled.is_set()
            if not unwanted:
                self._models.publish(servable)
                self._num_loading -= 1
                _logger.info("Serving %s %d", record.name, record.version)
                self._advance()
        if unwanted:
            close_servable(servable)
            del servable
            give_memory_back()
            self._end_load(record, StatusError(Code.CANCELLED, _NO_LONGER_WANTED))

    def _end_load(self, record, error):
        """Notes a load that gave nothing."""
        with self._changed:
            self._num_loading -= 1
            self._set_state(record, State.END, error)
            # A wanted version that failed keeps its record: it is not tried again.
            if record.cancelled.is_set():
                del self._records[record.name][record.version]
            self._advance()

    def _start_unload(self, record):
        """Takes a version from requests and starts closing it; the lock is held."""
        record.servable = self._models.withdraw(record.name, record.version)
        _start_thread(self._run_unload, record)

    def _run_unload(self, record):
        """An unload thread's work; takes the lock when the servable is closed."""
        self._models.wait_until_unused(record.servable)
        with self._closing:
            close_servable(record.servable)
            # Its Python objects hold memory too.
            record.servable = None
            give_memory_back()
        _logger.info("Unloaded %s %d", record.name, record.version)
        with self._changed:
            self._set_state(record, State.END)
            del self._records[record.name][record.version]
            self._advance()

    def _set_state(self, record, state, error=None):
        """Notes a state; the lock is held."""
        told = (error.code, error.message) if error else ()
        status = VersionStatus(record.version, state, *told)
        self._models.set_status(record.name, status)


def _start_thread(target, record):
    name = f"{target.__name__.strip('_')} {record.name} {record.version}"
    threading.Thread(target=target, args=(record,), name=name, daemon=True).start()

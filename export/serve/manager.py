"""What is served, by configuration: models come and go, requests do not notice."""

import logging
import os
import threading
from collections.abc import Callable

from export.protocol import ModelServerConfig
from export.runtime.status import Code, StatusError
from export.serve.config import check_config, read_text_proto
from export.serve.labels import assign_labels
from export.serve.lifecycle import Lifecycle
from export.serve.models import Models, State
from export.serve.periodic import Periodic
from export.serve.servable import Servable
from export.serve.sources import Source

_logger = logging.getLogger(__name__)
_INITIAL_LOADS_PER_CPU = 4


class Manager:
    """Serves the models of a configuration, and the next one when it is told to.

    One lock guards the configuration and the sources; it is held while a
    configuration is put in place and while base paths are looked at, never while
    anything is waited for. The locks of the life cycle and of `models` are taken under
    it, in this order.

    Args:
        config: the first ModelServerConfig.
        load: `load(name, version, folder)` gives a Servable, or raises. Called from
            several threads at once.
        file_system_poll_wait_seconds: how often base paths are looked at. With 0 only
            when there is a new configuration, with less never.
        max_num_load_retries: tries to load a version after the first.
        load_retry_interval_micros: the time between tries.
        num_load_threads: versions that may load at one time, once the server runs;
            0 means 1 too, as loading is never in the way of anything else.
        num_unload_threads: versions that may close at one time; likewise.
        allow_version_labels_for_unavailable_models: whether a new label may name a
            version that is not available yet.

    Attributes:
        models: what is available, for requests.
    """

    def __init__(
        self,
        config: ModelServerConfig,
        *,
        load: Callable[[str, int, str], Servable],
        file_system_poll_wait_seconds: float = 1.0,
        max_num_load_retries: int = 5,
        load_retry_interval_micros: int = 60_000_000,
        num_load_threads: int = 0,
        num_unload_threads: int = 0,
        allow_version_labels_for_unavailable_models: bool = False,
    ):
        self.models = Models()
        self._first = config
        self._poll_seconds = file_system_poll_wait_seconds
        self._num_load_threads = max(1, num_load_threads)
        self._allow_unavailable = allow_version_labels_for_unavailable_models
        self._lifecycle = Lifecycle(
            self.models,
            load,
            max_num_load_retries=max_num_load_retries,
            load_retry_interval_seconds=load_retry_interval_micros / 1e6,
            # Nobody is served yet, so the machine may be filled, as the server does.
            num_load_threads=_INITIAL_LOADS_PER_CPU * (os.cpu_count() or 1),
            num_unload_threads=max(1, num_unload_threads),
        )
        self._lock = threading.Lock()
        self._config = ModelServerConfig()
        self._sources: dict[str, Source] = {}
        self._periodics: list[Periodic] = []

    def start(self) -> None:
        """Starts to load and to watch the base paths; returns before models are there.

        Raises:
            StatusError: the configuration cannot be served.
        """
        self._put_in_place(self._first)
        if self._poll_seconds > 0:
            self._repeat(self.poll, self._poll_seconds, "base path poll")

    def wait_until_available(self, timeout_seconds: float | None = None) -> None:
        """Waits until every model of the configuration has an available version.

        A model whose base path has no version yet is waited for.

        Raises:
            StatusError: UNKNOWN when a version could not be loaded,
                DEADLINE_EXCEEDED when time ran out.
        """
        with self._lock:
            names = set(self._sources)
        try:
            self._wait(names, "servable(s)", timeout_seconds)
        finally:
            self._lifecycle.num_load_threads = self._num_load_threads

    def reload(
        self, config: ModelServerConfig, timeout_seconds: float | None = None
    ) -> None:
        """Serves what a configuration lists, and nothing else.

        Returns when its new models are available. Those that stay are served all the
        time. A refused configuration changes nothing.

        Raises:
            StatusError: the configuration is refused. Or it is in place, but UNKNOWN:
                a new model could not be loaded, DEADLINE_EXCEEDED: time ran out,
                ABORTED: a later one took a new model out, UNAVAILABLE: all stops.
        """
        new = self._put_in_place(config)
        self._wait(new, "model(s)", timeout_seconds)

    def watch_config_file(self, path: str, wait_seconds: float) -> None:
        """Reloads a ModelServerConfig file at intervals; its errors are logged."""

        def reload():
            try:
                self.reload(read_text_proto(path, ModelServerConfig))
            except StatusError as error:
                _logger.error("%s was not reloaded: %s", path, error)

        self._repeat(reload, wait_seconds, "configuration file poll")

    def poll(self) -> None:
        """Looks at every base path, and loads and unloads accordingly."""
        with self._lock:
            self._poll()

    def stop(self, timeout_seconds: float | None = None) -> bool:
        """Unloads everything; nobody waits for a model any more.

        Args:
            timeout_seconds: how long to wait for loads under way and for requests
                that use a model; without end by default.

        Returns:
            Whether all is unloaded.
        """
        # First, because a reload that waits for its models ends by it.
        unloaded = self._lifecycle.stop(timeout_seconds)
        for periodic in self._periodics:
            periodic.stop()
        return unloaded

    def _put_in_place(self, config) -> set[str]:
        """Makes a configuration the present one.

        Returns:
            The models that were not in the one before.
        """
        with self._lock:
            check_config(config, self._config)
            self.models.labels = assign_labels(
                config, self.models, allow_unavailable=self._allow_unavailable
            )
            self._config = ModelServerConfig()
            self._config.CopyFrom(config)
            sources = {m.name: Source(m) for m in config.model_config_list.config}
            new = set(sources) - set(self._sources)
            self._sources = sources
            self._lifecycle.configure(set(sources))
            if self._poll_seconds >= 0:
                self._poll()
        return new

    def _poll(self):
        """Looks at every base path; the lock is held."""
        for name, source in self._sources.items():
            versions = source.poll()
            if versions is not None:
                self._lifecycle.want(name, versions)

    def _wait(self, names, what, timeout_seconds):
        settled = self._lifecycle.wait_until_settled(names, timeout_seconds)
        failed = sorted(
            (name, status)
            for name, status in settled.items()
            if status is not None and status.state is State.END
        )
        if failed:
            listed = "".join(_describe(name, status) for name, status in failed)
            raise StatusError(
                Code.UNKNOWN,
                f"{len(failed)} {what} did not become available: {{{listed}}}",
            )
        missing = sorted(name for name, status in settled.items() if status is None)
        if missing:
            raise StatusError(
                Code.DEADLINE_EXCEEDED,
                f"Still waiting for a version of: {', '.join(missing)}",
            )

    def _repeat(self, function, seconds, name):
        periodic = Periodic(function, seconds, name)
        self._periodics.append(periodic)
        periodic.start()


def _describe(name, status):
    error = StatusError(status.code, status.message)
    return f"{{{{name: {name} version: {status.version}}} due to error: {error}}}, "

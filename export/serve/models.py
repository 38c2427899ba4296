"""The loaded models, and which of them a request means.

Codes and texts of errors are those of TensorFlow Serving, as everywhere in this
folder: a client cannot tell the two servers apart by them.
"""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from export.runtime.status import Code, StatusError
from export.serve.servable import Servable


class State(IntEnum):
    """Where a version stands; the numbers are those of ModelVersionStatus.State."""

    START = 10
    LOADING = 20
    AVAILABLE = 30
    UNLOADING = 40
    END = 50


@dataclass(frozen=True)
class VersionStatus:
    """What GetModelStatus tells of one version.

    Attributes:
        version: its number.
        state: where it stands.
        code: OK, or why it could not be loaded.
        message: the words to that.
    """

    version: int
    state: State
    code: Code = Code.OK
    message: str = ""


class Models:
    """Every version of every model that is or was there; thread-safe.

    One lock guards all of it. It is held for look-ups only, never while a model
    loads, runs or closes, and no other lock is taken under it.

    Args:
        servables: what is available from the beginning.
    """

    def __init__(self, servables: Iterable[Servable] = ()):
        self._lock = threading.Lock()
        self._unused = threading.Condition(self._lock)
        self._available: dict[str, dict[int, Servable]] = {}
        self._statuses: dict[str, dict[int, VersionStatus]] = {}
        self._labels: Mapping[str, Mapping[str, int]] = {}
        self._users: dict[Servable, int] = {}
        for servable in servables:
            self.publish(servable)

    @contextlib.contextmanager
    def use(self, spec) -> Iterator[Servable]:
        """The version that a request means; it stays loaded until the block ends.

        Args:
            spec: a ModelSpec; without a version or label, the latest is meant.

        Raises:
            StatusError: INVALID_ARGUMENT without a name or with an unknown label,
                NOT_FOUND for a model or version that is not available.
        """
        with self._lock:
            servable = self._find(spec)
            self._users[servable] = self._users.get(servable, 0) + 1
        try:
            yield servable
        finally:
            with self._lock:
                self._users[servable] -= 1
                if not self._users[servable]:
                    del self._users[servable]
                    self._unused.notify_all()

    def _find(self, spec) -> Servable:
        """Looks up a ModelSpec; the caller holds the lock."""
        if not spec.name:
            message = "ModelSpec has no name specified."
            raise StatusError(Code.INVALID_ARGUMENT, message)
        versions = self._available.get(spec.name, {})
        choice = spec.WhichOneof("version_choice")
        if choice is None:
            number, wanted = max(versions, default=None), f"Latest({spec.name})"
        else:
            number = spec.version.value
            if choice == "version_label":
                number = self._labelled(spec)
            wanted = f"Specific({spec.name}, {number})"
        if number not in versions:
            message = f"Servable not found for request: {wanted}"
            raise StatusError(Code.NOT_FOUND, message)
        return versions[number]

    def _labelled(self, spec) -> int:
        """What a label stands for; the caller holds the lock."""
        try:
            return self._labels[spec.name][spec.version_label]
        except KeyError:
            message = f"Unrecognized servable version label: {spec.version_label}"
            raise StatusError(Code.INVALID_ARGUMENT, message) from None

    def names(self) -> list[str]:
        """The models that have, or had, any version."""
        with self._lock:
            return sorted(self._statuses)

    def versions(self, name: str) -> list[VersionStatus]:
        """All versions of a model, highest first, those that ended included."""
        with self._lock:
            statuses = self._statuses.get(name, {})
            return [statuses[number] for number in sorted(statuses, reverse=True)]

    def status(self, name: str, version: int) -> VersionStatus | None:
        """One version's status; None when there never was such a version."""
        with self._lock:
            return self._statuses.get(name, {}).get(version)

    @property
    def labels(self) -> Mapping[str, Mapping[str, int]]:
        """What each label stands for: `{model: {label: version}}`."""
        return self._labels

    @labels.setter
    def labels(self, labels: Mapping[str, Mapping[str, int]]) -> None:
        with self._lock:
            self._labels = labels

    def set_status(self, name: str, status: VersionStatus) -> None:
        """Notes where a version stands that requests do not see."""
        with self._lock:
            self._statuses.setdefault(name, {})[status.version] = status

    def publish(self, servable: Servable) -> None:
        """Makes a version AVAILABLE: the next request may use it."""
        name, version = servable.name, servable.version
        status = VersionStatus(version, State.AVAILABLE)
        with self._lock:
            self._available.setdefault(name, {})[version] = servable
            self._statuses.setdefault(name, {})[version] = status

    def withdraw(self, name: str, version: int) -> Servable:
        """Takes a version from later requests: it is UNLOADING.

        Returns:
            The servable, which requests under way may still be using.
        """
        with self._lock:
            servable = self._available[name].pop(version)
            status = VersionStatus(version, State.UNLOADING)
            self._statuses[name][version] = status
            return servable

    def wait_until_unused(self, servable: Servable) -> None:
        """Returns when no request is using a withdrawn servable any more."""
        with self._unused:
            self._unused.wait_for(lambda: servable not in self._users)

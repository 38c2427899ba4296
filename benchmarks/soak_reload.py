"""Versions that come and go while the server runs."""

import json
import os
import shutil
import time
import urllib.request

from benchmarks.soak_report import Report

_PATIENCE_SECONDS = 300.0
_POLL_SECONDS = 0.5


class Reloader:
    """Publishes the same model again and again, as ever higher versions.

    Every second time, the older versions are removed once the new one is available.

    Args:
        base_path: the folder that the server watches; it holds version 1.
        status_url: where the server tells the status of the model's versions.
        seconds: between versions.
        report: is told of versions that do not become available.
    """

    def __init__(self, base_path: str, status_url: str, seconds: float, report: Report):
        self._base_path, self._status_url = base_path, status_url
        self._seconds, self._report = seconds, report
        self._latest, self._waiting_since = 1, None
        self._next = time.monotonic() + seconds

    def tick(self) -> None:
        """Does what is due; called about once a second."""
        if self._waiting_since is not None:
            self._check()
        elif time.monotonic() >= self._next:
            self._publish()

    def finish(self) -> None:
        """Waits for the version that is on its way, if there is one."""
        while self._waiting_since is not None:
            self._check()
            time.sleep(_POLL_SECONDS)

    def _publish(self):
        draft = os.path.join(self._base_path, ".next")
        # The weights are shared, so that disks have nothing to do.
        shutil.copytree(self._folder(self._latest), draft, copy_function=os.link)
        self._latest += 1
        os.rename(draft, self._folder(self._latest))
        self._waiting_since = time.monotonic()
        self._next += self._seconds

    def _check(self):
        if self._is_available():
            self._report.counts["versions that became available"] += 1
            if self._latest % 2:
                self._remove_older()
        elif time.monotonic() - self._waiting_since < _PATIENCE_SECONDS:
            return
        else:
            self._report.fail(f"Version {self._latest} did not become available.")
        self._waiting_since = None

    def _is_available(self):
        try:
            with urllib.request.urlopen(self._status_url, timeout=10) as response:
                versions = json.load(response)["model_version_status"]
        except OSError:
            return False
        wanted = str(self._latest)
        return any(
            v["version"] == wanted and v["state"] == "AVAILABLE" for v in versions
        )

    def _remove_older(self):
        for name in os.listdir(self._base_path):
            if name.isdecimal() and int(name) < self._latest:
                shutil.rmtree(os.path.join(self._base_path, name))

    def _folder(self, version):
        return os.path.join(self._base_path, str(version))

"""Real models that come and go under traffic."""

import os
import threading

import numpy as np
import pytest

from export.runtime import SavedModelSession
from export.serve.config import single_model_config
from export.serve.manager import Manager
from export.serve.servable import Servable
from tests.export.serve.conftest import PATIENCE_SECONDS, Watch, make_spec

X = np.array([0.0, 10.0], np.float32)


class HotModel:
    """A served model whose odd versions add 1, and whose even ones add 2."""

    def __init__(self, base, versions):
        self._base, self._versions = base, versions
        self._latest = 0
        self.manager = Manager(
            single_model_config("m", str(base)),
            load=lambda name, version, folder: Servable(
                name, version, SavedModelSession(folder)
            ),
            file_system_poll_wait_seconds=0,
        )
        self.watch = Watch(self.manager.models)
        self.manager.start()
        self.publish()

    def publish(self):
        """Puts the next version in the place of the present one, and waits for it."""
        if self._latest:
            os.unlink(self._base / str(self._latest))
        self._latest += 1
        os.symlink(
            self._versions[(self._latest + 1) % 2], self._base / str(self._latest)
        )
        self.manager.poll()
        self.watch.until(self._latest, "AVAILABLE")
        if self._latest > 1:
            self.watch.until(self._latest - 1, "END")

    def ask(self):
        """Asks the latest version; returns whether the answer is that version's."""
        with self.manager.models.use(make_spec("m")) as servable:
            answer = servable.run("serving_default", {"x": X})["sum"]
            return np.array_equal(answer, X + 2 - servable.version % 2)


@pytest.fixture
def model(tmp_path, real_versions):
    model = HotModel(tmp_path, real_versions)
    yield model
    assert model.manager.stop(PATIENCE_SECONDS)


def test_every_request_is_answered_by_the_version_it_got(model):
    done = threading.Event()
    answers = [[] for _ in range(4)]

    def ask(right):
        while not done.is_set():
            right.append(model.ask())

    threads = [threading.Thread(target=ask, args=(right,)) for right in answers]
    for thread in threads:
        thread.start()
    for _ in range(10):
        model.publish()
    done.set()
    for thread in threads:
        thread.join()

    # A thread that met an error would have ended with few answers.
    assert all(len(right) > 10 and all(right) for right in answers)


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs Linux")
def test_memory_of_unloaded_versions_is_given_back(model):
    held = []
    for _ in range(60):
        model.publish()
        assert model.ask()
        held.append(resident_bytes())

    # A model is 8 MB: fifty that stay would be 400 MB. The C library keeps a block or
    # two of such a size for each thread of the runtime, and the lowest of several
    # figures is nearly free of the models that are on their way.
    assert min(held[-15:]) - min(held[5:20]) < 40e6

"""Servables that are no models, and a look into what a Manager does with them."""

import threading
import time

import pytest

from export.protocol import ModelServerConfig, ModelSpec
from export.serve.manager import Manager
from export.serve.models import State
from export.serve.servable import Servable

PATIENCE_SECONDS = 20
"""How long a test waits for what must come before it gives up."""


class FakeSession:
    """A session without a model, which must not be used once it is closed.

    Attributes:
        closed: set when it is closed.
        num_closes: how often it was closed, which must be once.
    """

    def __init__(self):
        self.signatures = {}
        self.closed = threading.Event()
        self.num_closes = 0

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        assert not self.closed.is_set()
        return inputs

    def close(self):
        self.num_closes += 1
        self.closed.set()


class FakeLoader:
    """Loads folders without looking into them.

    Attributes:
        calls: what was asked for, `(name, version)`.
        errors: what loading a version raises, by number.
        gates: what loading a version waits for, by number.
        servables: what was loaded.
    """

    def __init__(self):
        self.calls = []
        self.errors = {}
        self.gates = {}
        self.servables = []

    def __call__(self, name, version, folder):
        self.calls.append((name, version))
        if version in self.gates:
            assert self.gates[version].wait(PATIENCE_SECONDS)
        if version in self.errors:
            raise self.errors[version]
        servable = Servable(name, version, FakeSession())
        self.servables.append(servable)
        return servable


class Watch:
    """Every state that a version of a Models takes, as it is taken.

    Attributes:
        history: `(name, version, state)`, in order.
    """

    def __init__(self, models):
        self.history = []
        self._states = {}
        self._changed = threading.Condition()
        for method in ("set_status", "publish", "withdraw"):
            setattr(models, method, self._noting(models, getattr(models, method)))

    def _noting(self, models, method):
        def call(*args):
            result = method(*args)
            self._note(*_id_and_state(method.__name__, args))
            return result

        return call

    def _note(self, name, version, state):
        with self._changed:
            self.history.append((name, version, state))
            self._states[name, version] = state
            self._changed.notify_all()

    def states(self, version):
        """The states that a version has been in."""
        return [state.name for _, number, state in self.history if number == version]

    def until(self, version, state, name="m"):
        """Waits for a state, which must come."""
        state = State[state]
        with self._changed:
            assert self._changed.wait_for(
                lambda: self._states.get((name, version)) is state, PATIENCE_SECONDS
            ), f"{version} is {self._states.get((name, version))}"


def eventually(condition):
    """Waits for what nothing tells of when it comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def _id_and_state(method, args):
    if method == "set_status":
        return args[0], args[1].version, args[1].state
    if method == "publish":
        return args[0].name, args[0].version, State.AVAILABLE
    return (*args, State.UNLOADING)


def make_config(models, **fields):
    """A ModelServerConfig of `{name: base_path}`; further fields are each model's."""
    config = ModelServerConfig()
    config.model_config_list.SetInParent()
    for name, base_path in models.items():
        config.model_config_list.config.add(
            name=name, base_path=str(base_path), model_platform="tensorflow", **fields
        )
    return config


def make_versions(base_path, *names):
    for name in names:
        (base_path / str(name)).mkdir(parents=True)


def make_spec(name="", version=None, label=None):
    spec = ModelSpec(name=name)
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label
    return spec


@pytest.fixture
def load():
    return FakeLoader()


@pytest.fixture
def make_manager(load):
    """Builds Managers over fake servables, which look at files when told to poll."""
    managers = []

    def make(config, **options):
        defaults = {"file_system_poll_wait_seconds": 0, "load_retry_interval_micros": 0}
        manager = Manager(config, load=load, **defaults | options)
        manager.watch = Watch(manager.models)
        managers.append(manager)
        return manager

    yield make
    for gate in load.gates.values():
        gate.set()
    for manager in managers:
        assert manager.stop(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def real_versions(tmp_path_factory):
    """Two real SavedModels of 8 MB: `x` plus 1, and `x` plus 2."""
    import tensorflow as tf

    class Shift(tf.Module):
        def __init__(self, by):
            self.by = tf.Variable(tf.fill([2_000_000], by))

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def shift(self, x):
            return {"sum": x + tf.gather(self.by, tf.zeros_like(x, tf.int32))}

    folders = []
    for by in (1.0, 2.0):
        module = Shift(by)
        folders.append(str(tmp_path_factory.mktemp("shift")))
        tf.saved_model.save(module, folders[-1], signatures=module.shift)
    return folders

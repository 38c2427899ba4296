"""Whatever happens in whatever order: no gap in serving, nothing closed in use."""

import contextlib
import pathlib
import shutil
import tempfile
import threading

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from export.runtime import Code, StatusError
from export.serve.manager import Manager
from export.serve.models import State
from tests.export.serve.conftest import (
    PATIENCE_SECONDS,
    FakeLoader,
    Watch,
    eventually,
    make_config,
    make_spec,
)

NAMES = ("a", "b")
VERSIONS = range(1, 5)
BAD = {3}
NEXT = {
    None: {State.START},
    State.START: {State.LOADING, State.END},
    State.LOADING: {State.AVAILABLE, State.END},
    State.AVAILABLE: {State.UNLOADING},
    State.UNLOADING: {State.END},
    State.END: {State.START},
}
POLICIES = st.sampled_from(
    [
        {},
        {"latest": {"num_versions": 2}},
        {"all": {}},
        {"specific": {"versions": [1, 3]}},
    ]
)


def choose(versions, policy):
    """What a policy wants, by another way than the server's."""
    if "all" in policy:
        return set(versions)
    if "specific" in policy:
        return {1, 3} & set(versions)
    number = policy.get("latest", {}).get("num_versions", 1)
    return set(sorted(versions, reverse=True)[:number])


class ManagerMachine(RuleBasedStateMachine):
    """Folders, a configuration and requests, and what must come of them."""

    def __init__(self):
        super().__init__()
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.folders = {name: set() for name in NAMES}
        self.config = {}
        self.wanted = {}
        self.requests = []
        self.wrong = []
        self.load = FakeLoader()
        self.load.errors = {v: StatusError(Code.INTERNAL, "bad") for v in BAD}
        self.load.gates = dict.fromkeys(VERSIONS, threading.Event())
        self.gate = self.load.gates[1]
        for name in NAMES:
            (self.root / name).mkdir()

    @initialize(policy=POLICIES, threads=st.integers(1, 3))
    def start(self, policy, threads):
        self.manager = Manager(
            make_config({}),
            load=self.load,
            file_system_poll_wait_seconds=0,
            max_num_load_retries=1,
            load_retry_interval_micros=0,
            num_load_threads=threads,
        )
        self.watch = Watch(self.manager.models)
        withdraw = self.manager.models.withdraw
        self.manager.models.withdraw = lambda *key: self.check_gap(withdraw, *key)
        self.manager.start()
        self.manager.wait_until_available(0)
        self.reload(dict.fromkeys(NAMES, policy))

    def check_gap(self, withdraw, name, version):
        """Takes a version away, which is wrong if it leaves a wanted model none."""
        servable = withdraw(name, version)
        if self.wanted.get(name) and not self.available(name):
            self.wrong.append(f"{name} lost {version}, wants {self.wanted[name]}")
        return servable

    def available(self, name):
        statuses = self.manager.models.versions(name)
        return {s.version for s in statuses if s.state is State.AVAILABLE}

    def decide(self):
        self.wanted = {
            name: choose(self.folders[name], policy)
            for name, policy in self.config.items()
        }

    @rule(
        name=st.sampled_from(NAMES),
        version=st.sampled_from(VERSIONS),
        times=st.integers(1, 3),
    )
    def come_or_go(self, name, version, times):
        """Seen each time: what happens between two polls never happened."""
        folder = self.root / name / str(version)
        for _ in range(times):
            if version in self.folders[name]:
                folder.rmdir()
            else:
                folder.mkdir()
            self.folders[name] ^= {version}
            self.poll()

    def poll(self):
        self.decide()
        self.manager.poll()

    @rule(config=st.dictionaries(st.sampled_from(NAMES), POLICIES))
    def reload(self, config):
        self.config = config
        self.decide()
        message = make_config({})
        for name, policy in config.items():
            path = {name: self.root / name}
            message.MergeFrom(make_config(path, model_version_policy=policy))
        # It does not wait, so the new models have nearly never come.
        with contextlib.suppress(StatusError):
            self.manager.reload(message, timeout_seconds=0)

    @rule()
    def hold_or_release_loads(self):
        (self.gate.clear if self.gate.is_set() else self.gate.set)()

    @rule(name=st.sampled_from(NAMES))
    def begin_request(self, name):
        stack = contextlib.ExitStack()
        with contextlib.suppress(StatusError):
            servable = stack.enter_context(self.manager.models.use(make_spec(name)))
            self.requests.append((stack, servable))

    @rule(index=st.integers(0, 9))
    def end_request(self, index):
        if self.requests:
            self.requests.pop(index % len(self.requests))[0].close()

    @rule()
    def let_it_settle(self):
        self.gate.set()
        while self.requests:
            self.requests.pop()[0].close()
        for name in NAMES:
            eventually(lambda name=name: self.is_settled(name))

    def is_settled(self, name):
        wanted = self.wanted.get(name, set())
        statuses = self.manager.models.versions(name)
        if any(s.state not in (State.AVAILABLE, State.END) for s in statuses):
            return False
        if wanted <= BAD:
            # One that served before may have stayed, if anything is wanted.
            ended = {s.version for s in statuses if s.state is State.END}
            return wanted <= ended and len(self.available(name)) <= bool(wanted)
        return self.available(name) == wanted - BAD

    @invariant()
    def nothing_in_use_is_closed(self):
        for _, servable in self.requests:
            assert not servable.session.closed.is_set()
            assert servable.run("serving_default", {"x": 1}) == {"x": 1}

    @invariant()
    def no_model_went_without(self):
        assert not self.wrong

    def teardown(self):
        self.gate.set()
        for stack, _ in self.requests:
            stack.close()
        assert self.manager.stop(PATIENCE_SECONDS)
        shutil.rmtree(self.root)
        assert {s.session.num_closes for s in self.load.servables} <= {1}
        self.check_states()

    def check_states(self):
        states = {}
        for name, version, state in self.watch.history:
            assert state in NEXT[states.get((name, version))]
            states[name, version] = state
        assert set(states.values()) <= {State.END}


ManagerMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)
TestManager = ManagerMachine.TestCase

"""The way of one version; what a configuration makes of it is in test_manager.py."""

import threading
import weakref

import pytest

from export.runtime import Code, StatusError
from export.serve.lifecycle import Lifecycle
from export.serve.models import Models, State, VersionStatus
from tests.export.serve.conftest import PATIENCE_SECONDS, Watch, make_spec

BROKEN = StatusError(Code.INTERNAL, "broken")


@pytest.fixture
def models():
    return Models()


@pytest.fixture
def watch(models):
    return Watch(models)


@pytest.fixture
def lifecycle(models, watch, load):
    lifecycle = Lifecycle(
        models,
        load,
        max_num_load_retries=2,
        load_retry_interval_seconds=0,
        num_load_threads=1,
        num_unload_threads=1,
    )
    lifecycle.configure(["m"])
    yield lifecycle
    for gate in load.gates.values():
        gate.set()
    assert lifecycle.stop(PATIENCE_SECONDS)


def folders(*versions):
    return {version: f"/m/{version}" for version in versions}


def test_a_version_goes_from_start_to_end(lifecycle, watch, load):
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    lifecycle.want("m", {})
    watch.until(1, "END")

    assert watch.states(1) == ["START", "LOADING", "AVAILABLE", "UNLOADING", "END"]
    assert load.servables[0].session.closed.is_set()


def test_the_highest_version_is_loaded_first(lifecycle, watch, load):
    lifecycle.want("m", folders(1, 3, 2))
    watch.until(1, "AVAILABLE")

    assert load.calls == [("m", 3), ("m", 2), ("m", 1)]


def test_no_more_versions_load_at_one_time_than_there_are_threads(
    lifecycle, models, watch, load
):
    load.gates[2] = threading.Event()
    lifecycle.want("m", folders(1, 2))
    assert models.versions("m")[1] == VersionStatus(1, State.START)

    load.gates[2].set()
    watch.until(1, "AVAILABLE")


def test_a_failed_version_ends_with_its_error_and_is_not_tried_again(
    lifecycle, models, watch, load
):
    load.errors[1] = BROKEN
    lifecycle.want("m", folders(1))
    watch.until(1, "END")
    lifecycle.want("m", folders(1))

    status = VersionStatus(1, State.END, Code.INTERNAL, "broken")
    assert (models.versions("m"), len(load.calls)) == ([status], 3)


def test_a_failed_version_is_tried_again_after_it_was_gone(lifecycle, watch, load):
    load.errors[1] = BROKEN
    lifecycle.want("m", folders(1))
    watch.until(1, "END")
    del load.errors[1]

    lifecycle.want("m", {})
    lifecycle.want("m", folders(1))

    watch.until(1, "AVAILABLE")


def test_a_version_wanted_again_while_it_serves_just_goes_on(lifecycle, watch, load):
    load.errors[2] = BROKEN
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    lifecycle.want("m", folders(2))
    watch.until(2, "END")

    lifecycle.want("m", folders(1))

    assert watch.states(1) == ["START", "LOADING", "AVAILABLE"]


def test_a_version_wanted_again_while_it_unloads_is_loaded_anew(
    lifecycle, models, watch, load
):
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    with models.use(make_spec("m")) as servable:
        lifecycle.want("m", {})
        lifecycle.want("m", folders(1))
        assert models.status("m", 1).state is State.UNLOADING

    watch.until(1, "AVAILABLE")
    assert servable.session.closed.is_set()
    assert [s.session.closed.is_set() for s in load.servables] == [True, False]


def test_a_version_no_longer_wanted_when_it_has_loaded_is_never_available(
    lifecycle, models, watch, load
):
    load.gates[1] = threading.Event()
    lifecycle.want("m", folders(1))
    watch.until(1, "LOADING")
    lifecycle.want("m", {})
    load.gates[1].set()
    watch.until(1, "END")

    assert watch.states(1) == ["START", "LOADING", "END"]
    assert models.status("m", 1).code is Code.CANCELLED
    assert load.servables[0].session.closed.is_set()


def test_a_version_gone_and_back_while_it_loads_is_loaded_anew(lifecycle, watch, load):
    load.gates[1] = threading.Event()
    lifecycle.want("m", folders(1))
    watch.until(1, "LOADING")
    lifecycle.want("m", {})
    lifecycle.want("m", folders(1))
    load.gates[1].set()
    watch.until(1, "AVAILABLE")

    up = ["START", "LOADING", "AVAILABLE"]
    assert watch.states(1) == ["START", "LOADING", "END", *up]
    assert [s.session.closed.is_set() for s in load.servables] == [True, False]


def test_what_serves_stays_while_a_version_gone_and_back_loads_anew(
    lifecycle, models, watch, load
):
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    load.gates[2] = threading.Event()
    for versions in (folders(2), folders(1), folders(2)):
        lifecycle.want("m", versions)

    assert models.status("m", 1).state is State.AVAILABLE
    load.gates[2].set()
    watch.until(1, "END")
    assert models.status("m", 2).state is State.AVAILABLE


def test_a_version_gone_before_its_turn_ends_unloaded(lifecycle, models, watch, load):
    load.gates[2] = threading.Event()
    lifecycle.want("m", folders(1, 2))
    lifecycle.want("m", folders(2))

    assert watch.states(1) == ["START", "END"]
    assert models.status("m", 1).message.startswith("Load cancelled before")


def test_waiting_for_a_retry_ends_when_the_version_is_not_wanted(models, watch, load):
    load.errors[1] = BROKEN
    lifecycle = Lifecycle(
        models,
        load,
        max_num_load_retries=5,
        load_retry_interval_seconds=3600,
        num_load_threads=1,
        num_unload_threads=1,
    )
    lifecycle.configure(["m"])
    lifecycle.want("m", folders(1))
    watch.until(1, "LOADING")
    lifecycle.want("m", {})
    watch.until(1, "END")

    assert len(load.calls) <= 1
    assert lifecycle.stop(PATIENCE_SECONDS)


def test_the_next_try_finds_the_folder_where_it_is_by_then(lifecycle, watch, load):
    asked = []
    lifecycle._load = lambda name, version, folder: (
        asked.append(folder) or load(name, version, folder)
    )
    load.errors[2] = BROKEN
    load.gates[2] = threading.Event()
    lifecycle.want("m", {2: "/m/2"})
    watch.until(2, "LOADING")
    lifecycle.want("m", {2: "/m/002"})
    load.gates[2].set()
    watch.until(2, "END")

    assert asked == ["/m/2", "/m/002", "/m/002"]


def test_a_servable_closes_after_the_last_request(lifecycle, models, watch, load):
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    with models.use(make_spec("m")) as servable:
        lifecycle.want("m", {})
        watch.until(1, "UNLOADING")
        assert not servable.session.closed.wait(0.05)
        assert not lifecycle.stop(0.05)
    watch.until(1, "END")

    assert servable.session.closed.is_set()


def test_nothing_holds_an_unloaded_servable_in_memory(lifecycle, watch, load):
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    servable = weakref.ref(load.servables.pop())
    lifecycle.want("m", {})
    watch.until(1, "END")

    assert servable() is None


def test_versions_of_models_that_are_not_configured_are_not_wanted(lifecycle, watch):
    lifecycle.want("other", folders(1))
    lifecycle.want("m", folders(1))
    watch.until(1, "AVAILABLE")
    lifecycle.configure(["other"])
    watch.until(1, "END")

    assert {name for name, _, _ in watch.history} == {"m"}


def test_nothing_loads_after_stop(lifecycle, models, watch):
    lifecycle.want("m", folders(1))
    assert lifecycle.stop(PATIENCE_SECONDS)
    lifecycle.configure(["m"])
    lifecycle.want("m", folders(2))

    assert models.status("m", 1).state is State.END
    assert models.status("m", 2) is None


def test_settling_tells_success_failure_and_neither(lifecycle, load):
    lifecycle.configure(["good", "bad", "empty"])
    load.errors[2] = BROKEN
    lifecycle.want("good", folders(1))
    lifecycle.want("bad", folders(2))

    settled = lifecycle.wait_until_settled(["good", "bad"], PATIENCE_SECONDS)
    assert settled["good"] == VersionStatus(1, State.AVAILABLE)
    assert settled["bad"] == VersionStatus(2, State.END, Code.INTERNAL, "broken")
    assert lifecycle.wait_until_settled(["empty"], 0) == {"empty": None}


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (lambda lifecycle: lifecycle.stop(), "^UNAVAILABLE: The server is stopping"),
        (lambda lifecycle: lifecycle.configure([]), "^ABORTED: Model m was taken out"),
    ],
)
def test_waiting_ends_when_nothing_can_come_any_more(lifecycle, end, message):
    threading.Thread(target=end, args=(lifecycle,), daemon=True).start()

    with pytest.raises(StatusError, match=message):
        lifecycle.wait_until_settled(["m"], PATIENCE_SECONDS)

import shutil
import threading

import pytest

from export.runtime import Code, StatusError
from export.serve.models import State
from tests.export.serve.conftest import (
    PATIENCE_SECONDS,
    eventually,
    make_config,
    make_spec,
    make_versions,
)

BROKEN = StatusError(Code.INTERNAL, "broken")


@pytest.fixture
def base(tmp_path):
    make_versions(tmp_path / "m", 1)
    return tmp_path / "m"


@pytest.fixture
def started(make_manager, base):
    """Serves version 1 of `m`."""
    manager = make_manager(make_config({"m": base}))
    manager.start()
    manager.wait_until_available(PATIENCE_SECONDS)
    return manager


def states(manager, name="m"):
    return {s.version: s.state.name for s in manager.models.versions(name)}


def in_background(function, *args):
    """Runs a function that waits; gives what it raised, once it has ended."""
    errors = []

    def run():
        try:
            function(*args)
        except StatusError as error:
            errors.append(str(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join():
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
        return errors

    return join


def test_the_latest_version_is_loaded(make_manager, base, load):
    make_versions(base, 2)
    manager = make_manager(make_config({"m": base}))
    manager.start()
    manager.wait_until_available(PATIENCE_SECONDS)

    assert (states(manager), load.calls) == ({2: "AVAILABLE"}, [("m", 2)])


def test_point_24_a_model_that_does_not_load_ends_the_start(make_manager, base, load):
    load.errors[1] = BROKEN
    manager = make_manager(make_config({"m": base}))
    manager.start()

    with pytest.raises(StatusError) as raised:
        manager.wait_until_available(PATIENCE_SECONDS)

    assert str(raised.value) == (
        "UNKNOWN: 1 servable(s) did not become available: {{{name: m version: 1} due "
        "to error: INTERNAL: broken}, }"
    )
    assert len(load.calls) == 6


def test_the_start_counts_all_models_that_do_not_load(make_manager, tmp_path, load):
    make_versions(tmp_path / "a", 1)
    make_versions(tmp_path / "b", 2)
    make_versions(tmp_path / "c", 3)
    load.errors = {1: BROKEN, 2: BROKEN}
    config = make_config({name: tmp_path / name for name in "cba"})
    manager = make_manager(config, max_num_load_retries=0)
    manager.start()

    with pytest.raises(StatusError, match=r"2 servable.*a version: 1.*b version: 2"):
        manager.wait_until_available(PATIENCE_SECONDS)
    manager.watch.until(3, "AVAILABLE", "c")


@pytest.mark.parametrize("exists", [False, True])
def test_point_25_a_model_without_versions_is_waited_for(
    make_manager, tmp_path, caplog, exists
):
    base = tmp_path / "m"
    if exists:
        base.mkdir()
    manager = make_manager(make_config({"m": base}))
    manager.start()
    with pytest.raises(StatusError, match="^DEADLINE_EXCEEDED: Still waiting for .*m$"):
        manager.wait_until_available(0)
    assert str(base) in caplog.text

    ended = in_background(manager.wait_until_available)
    make_versions(base, 1)
    manager.poll()
    assert ended() == []


def test_a_model_that_is_waited_for_is_not_in_the_way_of_others(
    make_manager, tmp_path, base
):
    manager = make_manager(make_config({"missing": tmp_path / "missing", "m": base}))
    manager.start()

    manager.watch.until(1, "AVAILABLE")


def test_point_26_a_relative_path_is_refused(make_manager):
    manager = make_manager(make_config({"m": "models/m"}))

    with pytest.raises(StatusError, match="to have an absolute path or URI"):
        manager.start()


def test_no_configuration_is_nothing_to_serve_yet(make_manager, base):
    manager = make_manager(type(make_config({}))())
    manager.start()
    manager.wait_until_available(0)

    manager.reload(make_config({"m": base}), PATIENCE_SECONDS)

    assert states(manager) == {1: "AVAILABLE"}


def test_base_paths_are_polled(make_manager, base):
    manager = make_manager(
        make_config({"m": base}), file_system_poll_wait_seconds=0.001
    )
    manager.start()
    manager.watch.until(1, "AVAILABLE")
    make_versions(base, 2)

    manager.watch.until(1, "END")
    assert states(manager) == {2: "AVAILABLE", 1: "END"}


def test_with_a_negative_wait_nothing_is_looked_at(make_manager, base, load):
    manager = make_manager(make_config({"m": base}), file_system_poll_wait_seconds=-1)
    manager.start()
    with pytest.raises(StatusError, match="DEADLINE_EXCEEDED"):
        manager.wait_until_available(0.01)

    assert load.calls == []


def test_point_28_the_new_version_is_available_before_the_old_one_unloads(
    started, base, load
):
    load.gates[2] = threading.Event()
    make_versions(base, 2)
    started.poll()
    started.watch.until(2, "LOADING")
    with started.models.use(make_spec("m")) as servable:
        assert servable.version == 1
    load.gates[2].set()
    started.watch.until(1, "END")

    assert [event[1:] for event in started.watch.history[-3:]] == [
        (2, State.AVAILABLE),
        (1, State.UNLOADING),
        (1, State.END),
    ]


def test_point_28_a_failed_new_version_leaves_the_old_one_serving(started, base, load):
    load.errors[2] = BROKEN
    make_versions(base, 2)
    started.poll()
    started.watch.until(2, "END")
    started.poll()

    assert states(started) == {2: "END", 1: "AVAILABLE"}
    assert started.models.status("m", 2).message == "broken"
    assert load.calls.count(("m", 2)) == 6


def test_point_29_removing_all_versions_unloads_all(started, base):
    (base / "1").rmdir()
    started.poll()
    started.watch.until(1, "END")

    with (
        pytest.raises(StatusError, match="NOT_FOUND.*Latest"),
        started.models.use(make_spec("m")),
    ):
        pass


def test_point_29_deleting_the_base_path_keeps_serving(started, base, caplog):
    shutil.rmtree(base)
    started.poll()

    assert states(started) == {1: "AVAILABLE"}
    assert f"Could not find base path {base} for servable m" in caplog.text


def test_point_30_a_reload_is_declarative(started, base, tmp_path):
    make_versions(tmp_path / "n", 7)

    started.reload(make_config({"n": tmp_path / "n"}), PATIENCE_SECONDS)

    assert states(started, "n") == {7: "AVAILABLE"}
    started.watch.until(1, "END")
    started.reload(make_config({}), PATIENCE_SECONDS)
    started.watch.until(7, "END", "n")


def test_point_30_what_stays_is_served_all_the_time(started, base):
    started.reload(make_config({"m": base}), PATIENCE_SECONDS)

    assert started.watch.states(1) == ["START", "LOADING", "AVAILABLE"]


def test_point_30_a_new_policy_counts_at_once(started, base):
    make_versions(base, 2)
    policy = {"all": {}}
    started.reload(make_config({"m": base}, model_version_policy=policy))
    started.watch.until(2, "AVAILABLE")

    assert states(started) == {2: "AVAILABLE", 1: "AVAILABLE"}


def test_point_30_a_new_model_that_does_not_load_fails_the_reload(
    started, base, tmp_path, load
):
    make_versions(tmp_path / "n", 7)
    load.errors[7] = BROKEN

    with pytest.raises(StatusError) as raised:
        started.reload(make_config({"m": base, "n": tmp_path / "n"}), PATIENCE_SECONDS)

    assert str(raised.value) == (
        "UNKNOWN: 1 model(s) did not become available: {{{name: n version: 7} due to "
        "error: INTERNAL: broken}, }"
    )
    assert states(started) == {1: "AVAILABLE"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.MergeFrom(c), "^INVALID_ARGUMENT: Illegal to list model m mult"),
        (
            lambda c: c.model_config_list.config.add(name="n", base_path="/n"),
            "^INVALID_ARGUMENT: Illegal setting neither",
        ),
        (
            lambda c: c.custom_model_config.SetInParent(),
            "^FAILED_PRECONDITION: Cannot transition",
        ),
        (lambda c: c.Clear(), "^FAILED_PRECONDITION: Cannot transition"),
    ],
)
def test_point_30_a_refused_configuration_changes_nothing(
    started, base, tmp_path, change, message
):
    started.models.labels = {"m": {"stable": 1}}
    config = make_config({"m": tmp_path / "elsewhere"})
    change(config)

    with pytest.raises(StatusError, match=message):
        started.reload(config)
    started.poll()

    assert states(started) == {1: "AVAILABLE"}
    assert started.models.labels == {"m": {"stable": 1}}


def test_a_reload_waits_no_longer_than_it_may(started, base, tmp_path):
    config = make_config({"m": base, "n": tmp_path / "missing"})

    with pytest.raises(StatusError, match="^DEADLINE_EXCEEDED: Still waiting .* n$"):
        started.reload(config, timeout_seconds=0.01)


def test_a_later_reload_frees_one_that_waits(started, base, tmp_path, caplog):
    waiting = make_config({"m": base, "n": tmp_path / "missing"})
    ended = in_background(started.reload, waiting)
    eventually(lambda: "for servable n" in caplog.text)

    started.reload(make_config({"m": base}), PATIENCE_SECONDS)

    assert ended() == ["ABORTED: Model n was taken out of the configuration meanwhile."]


def test_a_model_removed_and_listed_again_is_waited_for_anew(started, base):
    started.reload(make_config({}))
    started.watch.until(1, "END")

    started.reload(make_config({"m": base}), PATIENCE_SECONDS)

    assert states(started) == {1: "AVAILABLE"}


def test_point_31_labels_come_with_the_configuration(started, base):
    started.reload(make_config({"m": base}, version_labels={"stable": 1}))
    with started.models.use(make_spec("m", label="stable")) as servable:
        assert servable.version == 1

    started.reload(make_config({"m": base}))
    with (
        pytest.raises(StatusError, match="label: stable"),
        started.models.use(make_spec("m", label="stable")),
    ):
        pass


def test_point_31_a_label_for_what_is_not_available_refuses_the_start(
    make_manager, base
):
    config = make_config({"m": base}, version_labels={"stable": 1})
    with pytest.raises(StatusError, match="FAILED_PRECONDITION.*version 1 of model m"):
        make_manager(config).start()

    allowing = make_manager(config, allow_version_labels_for_unavailable_models=True)
    allowing.start()
    allowing.wait_until_available(PATIENCE_SECONDS)
    with allowing.models.use(make_spec("m", label="stable")) as servable:
        assert servable.version == 1


def test_point_32_a_configuration_file_is_polled(started, base, tmp_path, caplog):
    make_versions(tmp_path / "n", 7)
    file = tmp_path / "models.config"
    file.write_text("nonsense")
    started.watch_config_file(str(file), 0.001)
    eventually(lambda: "Error parsing text-format" in caplog.text)
    assert states(started) == {1: "AVAILABLE"}

    (tmp_path / "aside").write_text(str(make_config({"n": tmp_path / "n"})))
    (tmp_path / "aside").rename(file)

    started.watch.until(7, "AVAILABLE", "n")
    started.watch.until(1, "END")


def test_stopping_unloads_everything_and_frees_who_waits(started, base, tmp_path, load):
    waiting = make_config({"m": base, "n": tmp_path / "missing"})
    ended = in_background(started.reload, waiting)

    assert started.stop(PATIENCE_SECONDS)

    assert ended() == ["UNAVAILABLE: The server is stopping."]
    assert states(started) == {1: "END"}
    assert all(servable.session.closed.is_set() for servable in load.servables)


def test_stopping_waits_for_requests_as_long_as_it_is_told(started):
    with started.models.use(make_spec("m")) as servable:
        assert not started.stop(0.01)
        assert not servable.session.closed.is_set()

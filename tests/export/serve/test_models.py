import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from export.runtime import Code, StatusError
from export.serve.models import Models, State, VersionStatus
from export.serve.servable import Servable
from tests.export.serve.conftest import PATIENCE_SECONDS, FakeSession, make_spec


@pytest.fixture
def models():
    return Models([Servable("m", number, FakeSession()) for number in (10, 2)])


def used(models, *spec, **choice):
    with models.use(make_spec(*spec, **choice)) as servable:
        return servable.version


def require_unused(models, servable):
    """Fails, where to wait here would hang, if somebody still uses it."""
    waiting = threading.Thread(
        target=models.wait_until_unused, args=(servable,), daemon=True
    )
    waiting.start()
    waiting.join(PATIENCE_SECONDS)
    assert not waiting.is_alive()


def test_the_latest_version_is_the_default(models):
    assert used(models, "m") == 10


def test_a_version_can_be_asked_for(models):
    assert used(models, "m", version=2) == 2


def test_a_label_stands_for_a_version(models):
    models.labels = {"m": {"stable": 2}}

    assert used(models, "m", label="stable") == 2


REFUSED = {
    "Point 1, no name": (
        make_spec(),
        Code.INVALID_ARGUMENT,
        "ModelSpec has no name specified.",
    ),
    "Point 2, unknown model": (
        make_spec("other"),
        Code.NOT_FOUND,
        "Servable not found for request: Latest(other)",
    ),
    "Point 3, unknown version": (
        make_spec("m", version=7),
        Code.NOT_FOUND,
        "Servable not found for request: Specific(m, 7)",
    ),
    "Point 4, unknown label": (
        make_spec("m", label="canary"),
        Code.INVALID_ARGUMENT,
        "Unrecognized servable version label: canary",
    ),
    "Point 4, label of a version that is not there": (
        make_spec("m", label="gone"),
        Code.NOT_FOUND,
        "Servable not found for request: Specific(m, 9)",
    ),
    "version 0 is a version": (
        make_spec("m", version=0),
        Code.NOT_FOUND,
        "Servable not found for request: Specific(m, 0)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_served_is_refused(models, case):
    models.labels = {"m": {"gone": 9}, "other": {"canary": 1}}
    spec, code, message = REFUSED[case]

    with pytest.raises(StatusError) as raised, models.use(spec):
        pass

    assert (raised.value.code, raised.value.message) == (code, message)


def test_a_withdrawn_version_is_not_found_and_the_next_lower_is_the_latest(models):
    models.withdraw("m", 10)

    assert used(models, "m") == 2
    with pytest.raises(StatusError, match=re.escape("Specific(m, 10)")):
        used(models, "m", version=10)


def test_a_withdrawn_version_is_unused_when_the_last_request_has_ended(models):
    unused = threading.Event()
    with models.use(make_spec("m")), models.use(make_spec("m")):
        servable = models.withdraw("m", 10)

        def wait():
            models.wait_until_unused(servable)
            unused.set()

        threading.Thread(target=wait, daemon=True).start()
        assert not unused.wait(0.05)
    assert unused.wait(PATIENCE_SECONDS)


def test_a_request_that_fails_gives_its_version_back(models):
    with pytest.raises(ZeroDivisionError), models.use(make_spec("m")):
        raise ZeroDivisionError

    require_unused(models, models.withdraw("m", 10))


def test_versions_are_listed_highest_first_with_those_that_ended(models):
    models.set_status("m", VersionStatus(3, State.END, Code.INTERNAL, "broken"))

    assert models.versions("m") == [
        VersionStatus(10, State.AVAILABLE),
        VersionStatus(3, State.END, Code.INTERNAL, "broken"),
        VersionStatus(2, State.AVAILABLE),
    ]
    assert models.status("m", 3).message == "broken"
    assert (models.versions("x"), models.status("x", 1)) == ([], None)


def test_names_are_of_all_models_that_ever_had_a_version(models):
    models.set_status("a", VersionStatus(1, State.END))

    assert models.names() == ["a", "m"]


def test_requests_from_many_threads_leave_no_user_behind(models):
    def ask(_):
        return {used(models, "m") for _ in range(300)}

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [{10}] * 8

    require_unused(models, models.withdraw("m", 10))

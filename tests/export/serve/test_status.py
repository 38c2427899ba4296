import pytest

from export.protocol import GetModelStatusRequest
from export.runtime import Code, StatusError
from export.serve.models import Models, State, VersionStatus
from export.serve.servable import Servable
from export.serve.status import get_model_status
from tests.export.serve.conftest import FakeSession, make_spec


@pytest.fixture
def models():
    models = Models([Servable("m", number, FakeSession()) for number in (3, 2)])
    models.set_status("m", VersionStatus(5, State.END, Code.NOT_FOUND, "no graph"))
    models.set_status("m", VersionStatus(4, State.LOADING))
    return models


def ask(models, *spec, **choice):
    request = GetModelStatusRequest(model_spec=make_spec(*spec, **choice))
    return get_model_status(models, request).model_version_status


def test_point_21_all_versions_are_told_highest_first(models):
    assert [status.version for status in ask(models, "m")] == [5, 4, 3, 2]


def test_point_21_one_version_can_be_asked_for(models):
    (status,) = ask(models, "m", version=3)

    assert (status.version, status.state) == (3, status.AVAILABLE)


def test_point_21_a_label_is_ignored(models):
    assert len(ask(models, "m", label="stable")) == 4


def test_point_22_states_have_the_servers_numbers_and_end_tells_the_error(models):
    ended, loading, available, _ = ask(models, "m")

    assert [ended.state, loading.state, available.state] == [50, 20, 30]
    assert (ended.status.error_code, ended.status.error_message) == (5, "no graph")
    assert available.HasField("status") and available.status.error_code == 0


def test_point_22_every_state_is_the_protocols():
    names = {state.name: int(state) for state in State}

    assert names == {
        key: value
        for key, value in ask(Models([Servable("m", 1, None)]), "m")[0].State.items()
        if key != "UNKNOWN"
    }


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (("x",), "Could not find any versions of model x"),
        (("m", 7), "Could not find version 7 of model m"),
    ],
)
def test_point_21_what_never_was_is_not_found(models, spec, message):
    with pytest.raises(StatusError) as raised:
        ask(models, *spec)

    assert (raised.value.code, raised.value.message) == (Code.NOT_FOUND, message)


def test_a_request_needs_a_model_spec(models):
    with pytest.raises(StatusError, match="^INVALID_ARGUMENT: Missing ModelSpec$"):
        get_model_status(models, GetModelStatusRequest())

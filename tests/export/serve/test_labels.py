import pytest

from export.runtime import StatusError
from export.serve.labels import assign_labels
from export.serve.models import Models, State, VersionStatus
from export.serve.servable import Servable
from tests.export.serve.conftest import FakeSession, make_config


@pytest.fixture
def models():
    models = Models([Servable("m", number, FakeSession()) for number in (1, 2)])
    models.set_status("m", VersionStatus(3, State.LOADING))
    return models


def assign(models, allow_unavailable=False, **labels):
    config = make_config({"m": "/m"}, version_labels=labels)
    return assign_labels(config, models, allow_unavailable=allow_unavailable)


def test_labels_stand_for_available_versions(models):
    assert assign(models, stable=1, canary=2) == {"m": {"stable": 1, "canary": 2}}


def test_a_model_without_labels_has_none(models):
    assert assign(models) == {}


@pytest.mark.parametrize("version", [3, 4])
def test_point_31_a_version_that_is_not_available_is_refused(models, version):
    message = (
        f"^FAILED_PRECONDITION: Request to assign label to version {version} of model "
        "m, which is not currently available for inference$"
    )
    with pytest.raises(StatusError, match=message):
        assign(models, canary=version)


def test_point_31_a_new_label_may_wait_for_its_version_if_allowed(models):
    assert assign(models, True, canary=3) == {"m": {"canary": 3}}


def test_point_31_a_label_in_use_is_not_moved_to_a_version_that_is_not_there(models):
    models.labels = {"m": {"stable": 1}}

    with pytest.raises(StatusError, match="assign label to version 3"):
        assign(models, True, stable=3)


def test_point_31_an_unmoved_label_needs_no_version_if_allowed(models):
    models.labels = {"m": {"canary": 3}}

    assert assign(models, True, canary=3) == {"m": {"canary": 3}}

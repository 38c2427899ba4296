import re

import pytest
import tensorflow as tf
from tensorflow_serving.apis import get_model_status_pb2

from export.serve.models import Models, Servable
from export.serve.status import get_model_status


@pytest.fixture
def models():
    return Models([Servable(*key, session=None) for key in (("m", 3), ("m", 2))])


def make_request(name, version=None):
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = name
    if version is not None:
        request.model_spec.version.value = version
    return request


@pytest.mark.parametrize(("version", "expected"), [(None, [2, 3]), (3, [3])])
def test_loaded_versions_are_available(models, version, expected):
    response = get_model_status(models, make_request("m", version))

    statuses = response.model_version_status
    assert [status.version for status in statuses] == expected
    assert {status.State.Name(status.state) for status in statuses} == {"AVAILABLE"}
    assert all(s.HasField("status") and s.status.error_code == 0 for s in statuses)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (make_request("x"), "Could not find any versions of model x"),
        (make_request("m", 7), "Could not find version 7 of model m"),
    ],
)
def test_what_is_not_loaded_is_not_found(models, request_, message):
    with pytest.raises(tf.errors.NotFoundError, match=f"^{re.escape(message)}$"):
        get_model_status(models, request_)


def test_a_request_needs_a_model_spec(models):
    with pytest.raises(tf.errors.InvalidArgumentError, match="Missing ModelSpec"):
        get_model_status(models, get_model_status_pb2.GetModelStatusRequest())

"""Points 19 and 20: GetModelMetadata."""

import re

import pytest
from tensorflow_serving.apis import get_model_metadata_pb2

from export.protocol import GetModelMetadataRequest
from export.runtime import Code, SavedModelSession, StatusError
from export.serve.metadata import get_model_metadata
from export.serve.models import Models
from export.serve.servable import Servable


@pytest.fixture(scope="module")
def models(arithmetic_folder):
    session = SavedModelSession(arithmetic_folder + "/1")
    return Models([Servable("arithmetic", 5, session)])


def make_request(*fields, model="arithmetic"):
    request = GetModelMetadataRequest(metadata_field=fields)
    request.model_spec.name = model
    return request


def refused(message, code=Code.INVALID_ARGUMENT):
    return pytest.raises(StatusError, match=f"^{code.name}: {re.escape(message)}$")


def test_the_official_messages_read_the_signatures(models):
    """Point 20."""
    data = get_model_metadata(models, make_request("signature_def")).SerializeToString()
    response = get_model_metadata_pb2.GetModelMetadataResponse.FromString(data)

    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert list(response.metadata) == ["signature_def"]
    assert response.metadata["signature_def"].Unpack(signatures)
    names = sorted(signatures.signature_def)
    assert names == ["__saved_model_init_op", "serving_default"]
    assert sorted(signatures.signature_def["serving_default"].inputs) == ["x", "y"]


def test_the_answer_names_model_and_version_but_no_signature(models):
    """Point 20."""
    spec = get_model_metadata(models, make_request("signature_def")).model_spec

    assert (spec.name, spec.version.value, spec.signature_name) == ("arithmetic", 5, "")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GetModelMetadataRequest(), "Missing ModelSpec"),
        (
            make_request(),
            "GetModelMetadataRequest must specify at least one metadata_field",
        ),
        (make_request("signature_def", "x"), "Metadata field x is not supported"),
        (make_request("x", model="other"), "Metadata field x is not supported"),
    ],
)
def test_requests_must_name_the_one_field(models, request_, message):
    """Point 19."""
    with refused(message):
        get_model_metadata(models, request_)


def test_an_unknown_model_is_not_found(models):
    with refused("Servable not found for request: Latest(other)", Code.NOT_FOUND):
        get_model_metadata(models, make_request("signature_def", model="other"))

"""ModelService.GetModelStatus, apart from its transport."""

import tensorflow as tf
from tensorflow_serving.apis import get_model_status_pb2

from export.serve.models import Models

_STATES = get_model_status_pb2.ModelVersionStatus


def get_model_status(
    models: Models, request: get_model_status_pb2.GetModelStatusRequest
) -> get_model_status_pb2.GetModelStatusResponse:
    """Answers a GetModelStatusRequest; a version label in it is ignored.

    Raises:
        tf.errors.OpError: with the code and the text for the client.
    """
    if not request.HasField("model_spec"):
        raise tf.errors.InvalidArgumentError(None, None, "Missing ModelSpec")
    spec = request.model_spec
    versions = sorted(models.versions(spec.name))
    if spec.HasField("version"):
        wanted = f"version {spec.version.value}"
        versions = [number for number in versions if number == spec.version.value]
    else:
        wanted = "any versions"
    if not versions:
        message = f"Could not find {wanted} of model {spec.name}"
        raise tf.errors.NotFoundError(None, None, message)
    response = get_model_status_pb2.GetModelStatusResponse()
    for number in versions:
        status = response.model_version_status.add(version=number)
        status.state = _STATES.AVAILABLE
        # Present, though empty, in every answer: OK is the default code.
        status.status.SetInParent()
    return response

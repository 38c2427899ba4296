"""ModelService.GetModelStatus, apart from its transport."""

from export.protocol import GetModelStatusRequest, GetModelStatusResponse
from export.runtime.status import Code, StatusError
from export.serve.models import Models


def get_model_status(
    models: Models, request: GetModelStatusRequest
) -> GetModelStatusResponse:
    """Answers a GetModelStatusRequest; a version label in it is ignored.

    Raises:
        StatusError: with the code and the text for the client.
    """
    if not request.HasField("model_spec"):
        raise StatusError(Code.INVALID_ARGUMENT, "Missing ModelSpec")
    spec = request.model_spec
    if spec.HasField("version"):
        wanted = f"version {spec.version.value}"
        status = models.status(spec.name, spec.version.value)
        statuses = [] if status is None else [status]
    else:
        wanted = "any versions"
        statuses = models.versions(spec.name)
    if not statuses:
        message = f"Could not find {wanted} of model {spec.name}"
        raise StatusError(Code.NOT_FOUND, message)
    response = GetModelStatusResponse()
    for status in statuses:
        entry = response.model_version_status.add(
            version=status.version, state=int(status.state)
        )
        # Present, though empty, in every answer: OK is the default code.
        entry.status.SetInParent()
        entry.status.error_code = int(status.code)
        entry.status.error_message = status.message
    return response

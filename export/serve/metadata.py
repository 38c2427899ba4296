"""PredictionService.GetModelMetadata, apart from its transport."""

from export.protocol import (
    GetModelMetadataRequest,
    GetModelMetadataResponse,
    SignatureDefMap,
)
from export.runtime import Code, StatusError
from export.serve.model_spec import require_model_spec

FIELD = "signature_def"


def get_model_metadata(
    models, request: GetModelMetadataRequest
) -> GetModelMetadataResponse:
    """Answers a GetModelMetadataRequest with every SignatureDef of a version.

    Args:
        models: the Models that are served.
        request: what was asked.

    Raises:
        StatusError: with the code and the text for the client.
    """
    require_model_spec(request)
    if not request.metadata_field:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            "GetModelMetadataRequest must specify at least one metadata_field",
        )
    for field in request.metadata_field:
        if field != FIELD:
            raise StatusError(
                Code.INVALID_ARGUMENT, f"Metadata field {field} is not supported"
            )
    response = GetModelMetadataResponse()
    signatures = SignatureDefMap()
    with models.use(request.model_spec) as servable:
        response.model_spec.name = servable.name
        response.model_spec.version.value = servable.version
        for name, signature in servable.signatures.items():
            signatures.signature_def[name].CopyFrom(signature)
    response.metadata[FIELD].Pack(signatures)
    return response

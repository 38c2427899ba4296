"""Every call of PredictionService and ModelService, apart from its transport."""

from export.protocol import (
    ClassificationRequest,
    ClassificationResponse,
    GetModelMetadataRequest,
    GetModelMetadataResponse,
    GetModelStatusRequest,
    GetModelStatusResponse,
    MultiInferenceRequest,
    MultiInferenceResponse,
    PredictRequest,
    PredictResponse,
    RegressionRequest,
    RegressionResponse,
    ReloadConfigRequest,
    ReloadConfigResponse,
)
from export.runtime import Code, StatusError
from export.serve.classification import classify
from export.serve.metadata import get_model_metadata
from export.serve.models import Models
from export.serve.multi_inference import multi_inference
from export.serve.prediction import predict
from export.serve.regression import regress
from export.serve.status import get_model_status


class Service:
    """Answers requests; its methods may be called from many threads.

    Each takes the request and how long it may take, and gives the response, or
    raises a StatusError with the code and the text for the client.

    Args:
        models: what is served.
        manager: what loads and unloads models; without it their set is fixed.
        enable_signature_method_name_check: refuses signatures whose method name is
            not that of the call.
        enable_serialization_as_tensor_content: answers Predict in `tensor_content`
            instead of typed fields.
    """

    def __init__(
        self,
        models: Models,
        manager=None,
        *,
        enable_signature_method_name_check: bool = False,
        enable_serialization_as_tensor_content: bool = False,
    ):
        self.models = models
        self._manager = manager
        self._check_method_name = enable_signature_method_name_check
        self._as_content = enable_serialization_as_tensor_content

    def predict(
        self, request: PredictRequest, timeout_seconds: float | None = None
    ) -> PredictResponse:
        """Runs a signature on tensors."""
        return predict(
            self.models,
            request,
            timeout_seconds,
            check_method_name=self._check_method_name,
            as_content=self._as_content,
        )

    def classify(
        self, request: ClassificationRequest, timeout_seconds: float | None = None
    ) -> ClassificationResponse:
        """Runs a signature on examples, for classes with scores."""
        return classify(
            self.models,
            request,
            timeout_seconds,
            check_method_name=self._check_method_name,
        )

    def regress(
        self, request: RegressionRequest, timeout_seconds: float | None = None
    ) -> RegressionResponse:
        """Runs a signature on examples, for a number each."""
        return regress(
            self.models,
            request,
            timeout_seconds,
            check_method_name=self._check_method_name,
        )

    def multi_inference(
        self, request: MultiInferenceRequest, timeout_seconds: float | None = None
    ) -> MultiInferenceResponse:
        """Runs several signatures on the same examples."""
        return multi_inference(
            self.models,
            request,
            timeout_seconds,
            check_method_name=self._check_method_name,
        )

    def get_model_metadata(
        self, request: GetModelMetadataRequest, timeout_seconds: float | None = None
    ) -> GetModelMetadataResponse:
        """Tells a version's signatures."""
        return get_model_metadata(self.models, request)

    def get_model_status(
        self, request: GetModelStatusRequest, timeout_seconds: float | None = None
    ) -> GetModelStatusResponse:
        """Tells where the versions of a model stand."""
        return get_model_status(self.models, request)

    def handle_reload_config(
        self, request: ReloadConfigRequest, timeout_seconds: float | None = None
    ) -> ReloadConfigResponse:
        """Serves other models from now on, and returns when they are available."""
        if request.config.WhichOneof("config") != "model_config_list":
            raise StatusError(
                Code.INVALID_ARGUMENT,
                "ServerModelConfig type not supported by HandleReloadConfigRequest. "
                "Only ModelConfigList is currently supported",
            )
        if self._manager is None:
            raise StatusError(
                Code.FAILED_PRECONDITION, "The models of this server are fixed."
            )
        self._manager.reload(request.config, timeout_seconds)
        response = ReloadConfigResponse()
        response.status.SetInParent()
        return response

import re
import subprocess
import sys

import numpy as np
import pytest

from export.protocol import (
    ClassificationRequest,
    GetModelMetadataRequest,
    GetModelStatusRequest,
    MultiInferenceRequest,
    PredictRequest,
    RegressionRequest,
    ReloadConfigRequest,
)
from export.protocol.tensors import to_proto
from export.runtime import Code, StatusError
from export.serve.service import Service
from tests.export.serve.conftest import make_config, make_spec
from tests.export.serve.example_models import (
    REGRESS,
    load_example_models,
    make_example,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return load_example_models(tmp_path_factory.mktemp("m"))


@pytest.fixture(scope="module")
def service(models):
    return Service(models)


def with_example(request, signature):
    request.input.example_list.examples.append(make_example(x=2))
    request.model_spec.CopyFrom(make_spec("m"))
    request.model_spec.signature_name = signature
    return request


def predict_request():
    request = PredictRequest(model_spec=make_spec("m"), output_filter=["scores"])
    examples = np.array([make_example(x=2).SerializeToString()], object)
    request.inputs["inputs"].CopyFrom(to_proto(examples))
    return request


def multi_inference_request(signature):
    request = MultiInferenceRequest()
    request.tasks.add(method_name=REGRESS, model_spec=make_spec("m"))
    request.tasks[0].model_spec.signature_name = signature
    request.input.example_list.examples.append(make_example(x=2))
    return request


def test_every_call_is_answered(service):
    classified = service.classify(with_example(ClassificationRequest(), "scores"), 20)
    regressed = service.regress(with_example(RegressionRequest(), "regress"), 20)
    several = service.multi_inference(multi_inference_request("regress"), 20)
    metadata = service.get_model_metadata(
        GetModelMetadataRequest(
            model_spec=make_spec("m"), metadata_field=["signature_def"]
        )
    )
    status = service.get_model_status(GetModelStatusRequest(model_spec=make_spec("m")))

    assert service.predict(predict_request(), 20).outputs["scores"].float_val == [2, 0]
    assert classified.result.classifications[0].classes[0].score == 2
    assert regressed.result.regressions[0].value == 3
    assert several.results[0].regression_result.regressions[0].value == 3
    assert metadata.model_spec.version.value == 3
    assert status.model_version_status[0].version == 3


def test_tensors_may_be_written_as_content(models):
    service = Service(models, enable_serialization_as_tensor_content=True)

    scores = service.predict(predict_request()).outputs["scores"]

    assert scores.tensor_content == np.array([2, 0], np.float32).tobytes()


def test_method_names_may_be_checked(models):
    service = Service(models, enable_signature_method_name_check=True)
    calls = [
        (service.classify, with_example(ClassificationRequest(), "regress")),
        (service.regress, with_example(RegressionRequest(), "scores")),
        (service.multi_inference, multi_inference_request("scores")),
    ]

    for call, request in calls:
        with pytest.raises(StatusError, match="signature method_name to be"):
            call(request)


class FakeManager:
    """Takes a configuration, or an error to raise."""

    def __init__(self, error=None):
        self.error, self.configs, self.timeouts = error, [], []

    def reload(self, config, timeout_seconds):
        self.configs.append(config)
        self.timeouts.append(timeout_seconds)
        if self.error:
            raise self.error


def test_a_configuration_is_reloaded(models):
    """Point 30."""
    manager = FakeManager()
    request = ReloadConfigRequest(config=make_config({"n": "/n"}))

    response = Service(models, manager).handle_reload_config(request, 5.0)

    assert manager.configs == [request.config]
    assert manager.timeouts == [5.0]
    assert response.HasField("status")
    assert response.status.error_code == 0


def test_a_failed_reload_is_an_error(models):
    """Point 30."""
    manager = FakeManager(StatusError(Code.UNKNOWN, "1 model(s) did not"))
    request = ReloadConfigRequest(config=make_config({"n": "/n"}))

    with pytest.raises(StatusError, match="^UNKNOWN: 1 model"):
        Service(models, manager).handle_reload_config(request)


@pytest.mark.parametrize("custom", [False, True])
def test_only_lists_can_be_reloaded(models, custom):
    """Point 30."""
    request, manager = ReloadConfigRequest(), FakeManager()
    if custom:
        request.config.custom_model_config.SetInParent()
    message = (
        "ServerModelConfig type not supported by HandleReloadConfigRequest. Only "
        "ModelConfigList is currently supported"
    )

    with pytest.raises(StatusError, match=f"^INVALID_ARGUMENT: {re.escape(message)}$"):
        Service(models, manager).handle_reload_config(request)
    assert not manager.configs


def test_models_without_a_manager_are_fixed(service):
    request = ReloadConfigRequest(config=make_config({"n": "/n"}))

    with pytest.raises(StatusError, match="^FAILED_PRECONDITION: .*are fixed"):
        service.handle_reload_config(request)


def test_serving_needs_no_python_tensorflow():
    modules = "export.serve.grpc_transport, export.serve.batching"
    code = f"import sys, {modules}; print('tensorflow' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"

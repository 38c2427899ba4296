"""Each call of the REST API: a body to a request, a response to a body."""

from export.protocol import (
    ClassificationRequest,
    GetModelMetadataRequest,
    GetModelStatusRequest,
    PredictRequest,
    RegressionRequest,
)
from export.protocol.tensors import to_array, to_proto
from export.serve.metered import computing_for
from export.serve.model_spec import signature_name
from export.serve.rest.json_body import invalid, parse
from export.serve.rest.json_examples import read_input
from export.serve.rest.json_inputs import (
    is_row_format,
    read_inputs,
    read_signature_name,
)
from export.serve.rest.json_outputs import write_columns, write_rows
from export.serve.rest.json_results import (
    write_classifications,
    write_message,
    write_metadata,
    write_regressions,
)
from export.serve.rest.routes import Route


class Handlers:
    """Answers the calls of the REST API through a Service.

    Args:
        service: an `export.serve.service.Service`.
        timeout_seconds: how long a computation may take.
    """

    def __init__(self, service, timeout_seconds: float | None = None):
        self._service = service
        self._timeout_seconds = timeout_seconds

    def answer(self, route: Route, body: bytes) -> bytes:
        """The body of the answer.

        Raises:
            StatusError: with the code and the words for the client.
        """
        try:
            with computing_for(route.verb.capitalize()):
                return getattr(self, f"_{route.verb}")(route.spec, body)
        except RecursionError as error:
            message = "JSON Parse error: Too many nested lists or objects."
            raise invalid(message) from error

    def _predict(self, spec, body):
        document = parse(body)
        request = PredictRequest(model_spec=spec)
        request.model_spec.signature_name = read_signature_name(document)
        dtypes = self._input_dtypes(request.model_spec)
        for name, array in read_inputs(document, dtypes).items():
            request.inputs[name].CopyFrom(to_proto(array))
        response = self._service.predict(request, self._timeout_seconds)
        outputs = {key: to_array(proto) for key, proto in response.outputs.items()}
        if not outputs:
            raise invalid("Cannot convert empty tensor map to JSON")
        return (write_rows if is_row_format(document) else write_columns)(outputs)

    def _classify(self, spec, body):
        request = ClassificationRequest(model_spec=spec)
        _read_examples(request, body)
        response = self._service.classify(request, self._timeout_seconds)
        return write_classifications(response.result)

    def _regress(self, spec, body):
        request = RegressionRequest(model_spec=spec)
        _read_examples(request, body)
        response = self._service.regress(request, self._timeout_seconds)
        return write_regressions(response.result)

    def _status(self, spec, body):
        request = GetModelStatusRequest(model_spec=spec)
        return write_message(self._service.get_model_status(request))

    def _metadata(self, spec, body):
        request = GetModelMetadataRequest(
            model_spec=spec, metadata_field=["signature_def"]
        )
        return write_metadata(self._service.get_model_metadata(request))

    def _input_dtypes(self, spec):
        name = signature_name(spec)
        with self._service.models.use(spec) as servable:
            if name not in servable.signatures:
                raise invalid(
                    f'Serving signature name: "{name}" not found in signature def'
                )
            inputs = servable.signatures[name].inputs
            dtypes = {key: inputs[key].dtype for key in inputs}
        if not dtypes:
            shown = spec.signature_name or "DEFAULT"
            raise invalid(f"Failed to get input map for signature: {shown}")
        return dtypes


def _read_examples(request, body):
    document = parse(body)
    request.model_spec.signature_name = read_signature_name(document)
    request.input.CopyFrom(read_input(document))

"""The WSGI application: HTTP around the handlers.

It answers every request itself, errors included; what it raises is a fault of ours,
and the client reads no more of it than that.
"""

import http
import logging
import re
import time
import zlib
from collections.abc import Callable

from werkzeug import Request, Response
from werkzeug.exceptions import RequestEntityTooLarge

from export.runtime.status import Code, StatusError
from export.serve.metrics import Metrics
from export.serve.rest.handlers import Handlers
from export.serve.rest.json_body import invalid
from export.serve.rest.json_results import write_error
from export.serve.rest.routes import is_api, read_route

MAX_BODY_BYTES = 2**27
TIMEOUT_SECONDS = 30.0
_GZIP = zlib.MAX_WBITS | 16
_CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET",
    "Access-Control-Allow-Headers": "Content-Type",
}
# http_server.cc of TensorFlow Serving; every other code is a 500.
_HTTP_STATUSES = {
    Code.OK: 200, Code.CANCELLED: 499, Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504, Code.NOT_FOUND: 404, Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403, Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400, Code.ABORTED: 409, Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501, Code.UNAVAILABLE: 503, Code.UNAUTHENTICATED: 401,
}  # fmt: skip

_logger = logging.getLogger(__name__)


def make_app(
    service,
    *,
    metrics: Metrics | None = None,
    metrics_path: str | None = None,
    timeout_seconds: float | None = TIMEOUT_SECONDS,
    max_body_bytes: int = MAX_BODY_BYTES,
    enable_cors_support: bool = False,
) -> Callable:
    """The REST API as a WSGI application.

    Args:
        service: an `export.serve.service.Service`.
        metrics: what counts requests.
        metrics_path: where `metrics` is read, such as
            `/monitoring/prometheus/metrics`; nowhere by default.
        timeout_seconds: how long a computation may take.
        max_body_bytes: of a request, as sent and when unpacked.
        enable_cors_support: lets web pages of other sites call it.

    Returns:
        `app(environ, start_response)`.
    """
    handlers = Handlers(service, timeout_seconds)

    @Request.application
    def app(request: Request) -> Response:
        request.max_content_length = max_body_bytes
        if metrics is not None and request.path == metrics_path:
            return Response(metrics.text(), mimetype="text/plain")
        path = _raw_path(request)
        if not is_api(path):
            return Response("Not Found\n", 404, mimetype="text/plain")
        if request.method == "OPTIONS" and enable_cors_support:
            return Response(status=200, headers=_CORS_HEADERS)
        response = _answer(handlers, metrics, request, path)
        if enable_cors_support:
            response.headers.extend(_CORS_HEADERS)
        return response

    return app


def _answer(handlers, metrics, request, path):
    start = time.perf_counter()
    verb, model_name = "", ""
    try:
        route = read_route(request.method, path)
        model_name = route.spec.name
        # The server has no name for the calls that compute nothing.
        verb = route.verb if request.method == "POST" else ""
        body = handlers.answer(route, _read_body(request))
        code, status = Code.OK, 200
    except StatusError as error:
        code, body = error.code, write_error(error.message)
        status = _HTTP_STATUSES.get(code, 500)
    except RequestEntityTooLarge as error:
        limit = f"A body must have at most {request.max_content_length} bytes."
        code, status, body = Code.INVALID_ARGUMENT, error.code, write_error(limit)
    except MemoryError:
        code, status = Code.RESOURCE_EXHAUSTED, 429
        body = write_error("There is not enough memory for this request.")
    except Exception:
        _logger.exception("%s %s failed", request.method, path)
        code, status, body = Code.INTERNAL, 500, write_error("The server failed.")
    if metrics is not None:
        seconds = time.perf_counter() - start
        metrics.observe_request("REST", verb, model_name, code.name, seconds)
    return Response(body, _status_line(status), mimetype="application/json")


def _status_line(status):
    known = status in set(http.HTTPStatus)
    phrase = http.HTTPStatus(status).phrase if known else "Client Closed Request"
    return f"{status} {phrase}"


def _raw_path(request):
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    # A proxy may name the whole address.
    return re.sub(r"^https?://[^/]*", "", target)


def _read_body(request):
    if request.method == "GET":
        return b""
    data = request.get_data(cache=False)
    if "gzip" not in request.headers.get("Content-Encoding", ""):
        return data
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacker.decompress(data, request.max_content_length)
    except zlib.error as error:
        raise invalid(f"The body is not what gzip writes: {error}") from error
    if unpacker.unconsumed_tail:
        raise RequestEntityTooLarge
    if not unpacker.eof:
        raise invalid("The body is not what gzip writes: its end is missing")
    return unpacked

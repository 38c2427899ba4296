"""The REST API from the outside, on models made of NumPy."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from export.runtime.status import Code, StatusError
from export.serve.metrics import DEFAULT_PATH, Metrics
from tests.export.serve.rest.conftest import DOUBLE, SUM, make_api


def test_point_33_a_version_is_served_by_number_and_by_default(api):
    for path in ("double", "double/versions/1", "double/versions/2"):
        response = api.post(f"/v1/models/{path}:predict", {"instances": [1.5, 2]})

        assert response.status_code == 200
        assert response.get_data() == (b'{\n    "predictions": [3.0, 4.0\n    ]\n}')
        assert response.headers["Content-Type"] == "application/json"


def test_point_33_a_label_is_served():
    api = make_api(("double", 1, DOUBLE), ("double", 2, SUM))
    api.models.labels = {"double": {"best": 1}}

    best = api.post("/v1/models/double/labels/best:predict", {"instances": [1]})
    other = api.post("/v1/models/double/labels/other:predict", {"instances": [1]})

    assert best.status_code == 200
    assert other.status_code == 400
    assert api.error(other) == "Unrecognized servable version label: other"


def test_point_33_what_is_not_the_api(api):
    malformed = api.get("/v1/models/double:predict")
    other = api.get("/v2/models/double")

    assert malformed.status_code == 400
    expected = "Malformed request: GET /v1/models/double:predict"
    assert api.error(malformed) == expected
    assert other.status_code == 404


def test_point_33_names_can_hold_what_paths_cannot():
    api = make_api(("a/b:c", 1, DOUBLE))

    response = api.post("/v1/models/a%2Fb%3Ac:predict", {"instances": [1]})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("no:predict", {"instances": [1]}, 404, "request: Latest(no)"),
        ("double/versions/9:predict", {}, 404, "request: Specific(double, 9)"),
        ("double:predict", {"inputs": ["a"]}, 400, "is not of expected type: float"),
        (
            "double:predict",
            {"signature_name": "foo", "instances": [1]},
            400,
            'Serving signature name: "foo" not found in signature def',
        ),
        (
            "echo:predict",
            {"signature_name": "halves", "inputs": [1]},
            501,
            "Conversion of JSON Value: 1 to type: half",
        ),
        ("double:classify", {"examples": [{"a": 1}]}, 400, "No classification"),
        ("double:regress", {"examples": [{}], "signature_name": "x"}, 400, "name: x"),
    ],
)
def test_point_34_errors_have_a_status_and_words(api, path, body, status, message):
    response = api.post(f"/v1/models/{path}", body)

    assert response.status_code == status
    assert message in api.error(response)


STATUSES = {
    "OUT_OF_RANGE": 400, "FAILED_PRECONDITION": 400, "DEADLINE_EXCEEDED": 504,
    "UNAVAILABLE": 503, "RESOURCE_EXHAUSTED": 429, "INTERNAL": 500, "UNKNOWN": 500,
    "DATA_LOSS": 500, "CANCELLED": 499,
}  # fmt: skip


@pytest.mark.parametrize("name", STATUSES)
def test_point_34_a_code_is_a_status(name):
    def fail(x):
        raise StatusError(Code[name], "so it is")

    api = make_api(("m", 1, {"serving_default": (fail, {"x": np.float32}, ["y"])}))

    response = api.post("/v1/models/m:predict", {"instances": [1]})

    assert (response.status_code, api.error(response)) == (STATUSES[name], "so it is")


def test_point_35_several_tensors(api):
    rows = [{"a": 1, "b": 2}, {"a": 3, "b": 4}]

    answer = json.loads(api.predict({"instances": rows}, "sum").get_data())
    columns = json.loads(
        api.predict({"inputs": {"a": [1], "b": [2]}}, "sum").get_data()
    )

    assert answer == {
        "predictions": [{"sum": 3.0, "product": 2.0}, {"sum": 7.0, "product": 12.0}]
    }
    assert columns == {"outputs": {"sum": [3.0], "product": [2.0]}}


@pytest.mark.parametrize(
    ("signature", "values", "expected"),
    [
        ("strings", ["ä", {"b64": "YQ=="}], ["ä", "a"]),
        ("bytes", ["ä"], [{"b64": "w6Q="}]),
        ("ints", [-(2**63), 2**63 - 1], [-(2**63), 2**63 - 1]),
        ("int32s", [[-1], [2]], [[-1], [2]]),
        ("bools", [True], [True]),
    ],
)
def test_point_35_every_type_there_and_back(api, signature, values, expected):
    body = {"signature_name": signature, "instances": values}

    answer = json.loads(api.predict(body, "echo").get_data())

    assert answer == {"predictions": expected}


def test_point_36_status(api):
    one = api.get("/v1/models/double/versions/1").get_data()
    all_of_them = json.loads(api.get("/v1/models/double").get_data())

    assert one.decode() == (
        '{\n "model_version_status": [\n  {\n   "version": "1",\n'
        '   "state": "AVAILABLE",\n   "status": {\n    "error_code": "OK",\n'
        '    "error_message": ""\n   }\n  }\n ]\n}\n'
    )
    versions = [v["version"] for v in all_of_them["model_version_status"]]
    assert sorted(versions) == ["1", "2"]


def test_point_36_the_status_of_nothing(api):
    response = api.get("/v1/models/no")

    assert response.status_code == 404
    assert api.error(response) == "Could not find any versions of model no"


def test_metadata(api):
    document = json.loads(api.get("/v1/models/sum/metadata").get_data())

    assert document["model_spec"]["version"] == "7"
    signatures = document["metadata"]["signature_def"]["signature_def"]
    assert signatures["serving_default"]["inputs"]["a"]["dtype"] == "DT_FLOAT"


def test_point_37_metrics_are_where_they_are_asked_for():
    metrics = Metrics(lambda: ["double"])
    api = make_api(("double", 1, DOUBLE), metrics=metrics, metrics_path=DEFAULT_PATH)
    api.predict({"instances": [1]})
    api.predict({"instances": ["a"]})
    api.get("/v1/models/double")

    response = api.get(DEFAULT_PATH)

    assert response.mimetype == "text/plain"
    text = response.get_data(as_text=True)
    assert "# TYPE :tensorflow:serving:request_count counter\n" in text
    name = ':tensorflow:serving:request_count{model_name="double",status='
    assert f'{name}"OK"}} 2\n' in text
    assert f'{name}"INVALID_ARGUMENT"}} 1\n' in text
    latency = ':tensorflow:serving:request_latency_count{model_name="double",API='
    assert f'{latency}"predict",entrypoint="REST"}} 1\n' in text
    assert f'{latency}"",entrypoint="REST"}} 1\n' in text


def test_point_37_metrics_are_nowhere_by_default():
    api = make_api(("double", 1, DOUBLE), metrics=Metrics(lambda: []))

    assert api.get(DEFAULT_PATH).status_code == 404


def test_bodies_may_be_gzipped(api):
    body = gzip.compress(b'{"instances": [1]}')
    headers = {"Content-Encoding": "gzip"}

    response = api.post("/v1/models/double:predict", body, headers=headers)
    broken = api.post("/v1/models/double:predict", body[:-9], headers=headers)
    plain = api.post("/v1/models/double:predict", b"{}", headers=headers)

    assert json.loads(response.get_data()) == {"predictions": [2.0]}
    assert (broken.status_code, plain.status_code) == (400, 400)
    assert "its end is missing" in api.error(broken)


def test_a_body_has_a_limit_packed_or_not():
    api = make_api(("double", 1, DOUBLE), max_body_bytes=1000)
    body = json.dumps({"instances": [1] * 1000}).encode()
    options = {"headers": {"Content-Encoding": "gzip"}}

    plain = api.post("/v1/models/double:predict", body)
    packed = api.post("/v1/models/double:predict", gzip.compress(body), **options)
    small = api.post("/v1/models/double:predict", gzip.compress(body[:900]), **options)

    assert (plain.status_code, packed.status_code, small.status_code) == (413, 413, 400)
    assert api.error(packed) == "A body must have at most 1000 bytes."


def test_the_time_limit_is_passed_on():
    api = make_api(("double", 1, DOUBLE), timeout_seconds=1.5)

    api.predict({"instances": [1]})

    assert api.sessions[0].timeouts == [1.5]


def test_pages_of_other_sites_may_call_if_they_are_let():
    api = make_api(("double", 1, DOUBLE), enable_cors_support=True)
    path = "/v1/models/double:predict"

    response = api.post(path, {"instances": [1]})
    preflight = api.options(path)

    for answer in (response, preflight):
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_too_little_memory_is_told():
    def fail(x):
        raise MemoryError

    api = make_api(("m", 1, {"serving_default": (fail, {"x": np.float32}, ["y"])}))

    response = api.post("/v1/models/m:predict", {"instances": [1]})

    assert response.status_code == 429
    assert "not enough memory" in api.error(response)


def test_a_fault_of_ours_shows_no_traceback(caplog):
    def fail(x):
        raise ZeroDivisionError("secret")

    api = make_api(("m", 1, {"serving_default": (fail, {"x": np.float32}, ["y"])}))

    response = api.post("/v1/models/m:predict", {"instances": [1]})

    assert (response.status_code, api.error(response)) == (500, "The server failed.")
    assert "secret" in caplog.text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.builds(lambda t: {"b64": t}, st.text()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["x", "a", "b", "b64"]) | st.text(), inner)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(["instances", "inputs", "examples", "context", "signature_name"])
SIGNATURES = st.sampled_from(["strings", "bytes", "ints", "int32s", "bools", "no"])
CALLS = st.sampled_from(
    [f"{m}:{v}" for m in ("sum", "echo") for v in ("predict", "classify", "regress")]
)
WILD = settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check_words(api, response):
    assert response.status_code in (200, 400, 404, 501)
    if response.status_code != 200:
        assert api.error(response)


@WILD
@given(CALLS, st.dictionaries(KEYS, JSON), st.none() | SIGNATURES)
def test_no_json_is_a_fault_of_ours(api, call, document, signature):
    if signature:
        document["signature_name"] = signature

    check_words(api, api.post(f"/v1/models/{call}", document))


@WILD
@given(CALLS, st.binary(max_size=200) | st.text('{}[]":,\\u0dD1eE.-N').map(str.encode))
def test_no_body_is_a_fault_of_ours(api, call, body):
    check_words(api, api.post(f"/v1/models/{call}", body))


@pytest.mark.parametrize("opening", [b'{"inputs": ' + b"[" * 900, b"[" * 10**6])
@pytest.mark.parametrize("call", ["echo:predict", "echo:classify", "sum:predict"])
def test_deep_nesting_is_refused_in_words(api, call, opening):
    closing = b"]" * 900 + b', "signature_name": "ints"}'

    check_words(api, api.post(f"/v1/models/{call}", opening + closing))

import re

import pytest

from export.runtime.status import Code, StatusError
from export.serve.rest.routes import is_api, read_route


@pytest.mark.parametrize(
    ("method", "path", "verb", "spec"),
    [
        ("POST", "/v1/models/m:predict", "predict", 'name: "m"'),
        ("POST", "/V1/Models/m:classify", "classify", 'name: "m"'),
        (
            "POST",
            "/v1/models/m/versions/7:regress",
            "regress",
            'name: "m" version { value: 7 }',
        ),
        (
            "POST",
            "/v1/models/m/LABELS/best:predict",
            "predict",
            'name: "m" version_label: "best"',
        ),
        ("POST", "/v1/models/a%2Fb%20c+d:predict", "predict", 'name: "a/b c+d"'),
        ("GET", "/v1/models/m", "status", 'name: "m"'),
        (
            "GET",
            "/v1/models/m/versions/007",
            "status",
            'name: "m" version { value: 7 }',
        ),
        ("GET", "/v1/models/m/metadata", "metadata", 'name: "m"'),
        (
            "GET",
            "/v1/models/m/labels/best/metadata",
            "metadata",
            'name: "m" version_label: "best"',
        ),
        # As in the server: the query belongs to the name, a shouted word to nothing.
        ("GET", "/v1/models/m?x=1", "status", 'name: "m?x=1"'),
        ("GET", "/v1/models/m/METADATA", "status", 'name: "m"'),
    ],
)
def test_point_33_paths(method, path, verb, spec):
    route = read_route(method, path)

    assert (route.verb, " ".join(str(route.spec).split())) == (verb, spec)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/foo"),
        ("POST", "/v1/models"),
        ("POST", "/v1/models/m"),
        ("GET", "/v1/models/m:predict"),
        ("POST", "/v1/models/m:PREDICT"),
        ("POST", "/v1/models/m:predictable"),
        ("GET", "/v1/models/a/b"),
        ("POST", "/v1/models/m/metadata"),
        ("POST", "/v1/models/m/versions/x:predict"),
        ("POST", "/v1/models/m/versions/٣:predict"),
        ("POST", "/v1/models/m/versions/1/labels/x:predict"),
        ("DELETE", "/v1/models/m"),
    ],
)
def test_point_33_what_is_no_call_is_malformed(method, path):
    message = f"Malformed request: {method} {path}"

    with pytest.raises(StatusError, match=re.escape(message)) as caught:
        read_route(method, path)

    assert caught.value.code == Code.INVALID_ARGUMENT


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/v1/models", "Missing model name in request."),
        (
            "/v1/models/m/versions/9223372036854775808",
            "Failed to convert version: 9223372036854775808 to numeric.",
        ),
        (f"/v1/models/m/versions/{'9' * 5000}", "Failed to convert version: 999"),
        ("/v1/models/%FF", "Failed to decode model name:%FF"),
    ],
)
def test_names_and_versions_must_be_readable(path, message):
    with pytest.raises(StatusError, match=re.escape(message)):
        read_route("GET", path)


def test_the_largest_version_is_read():
    route = read_route("GET", f"/v1/models/m/versions/000{2**63 - 1}")

    assert route.spec.version.value == 2**63 - 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/v1/x", True), ("/V1/", True), ("/v1", False), ("/", False), ("/v2/x", False)],
)
def test_other_paths_are_not_the_apis(path, expected):
    assert is_api(path) is expected

import re

import pytest

from export.protocol import Input
from export.runtime.status import StatusError
from export.serve.rest.json_examples import read_input


def features(example):
    found = {}
    for name, feature in example.features.feature.items():
        kind = feature.WhichOneof("kind")
        found[name] = (kind, list(getattr(feature, kind).value) if kind else [])
    return found


def test_values_and_lists_become_features_of_their_kind():
    example = {"i": 1, "b": [True, False], "f": [0.5, 2e0], "s": ["a", {"b64": "/w=="}]}

    message = read_input({"examples": [example, {"none": []}]})

    first, second = message.example_list.examples
    assert features(first) == {
        "i": ("int64_list", [1]),
        "b": ("int64_list", [1, 0]),
        "f": ("float_list", [0.5, 2.0]),
        "s": ("bytes_list", [b"a", b"\xff"]),
    }
    assert features(second) == {"none": (None, [])}


def test_examples_can_share_a_context():
    message = read_input({"context": {"c": "x"}, "examples": [{"i": 1}, {"i": 2}]})

    assert Input.FromString(message.SerializeToString()) == message
    shared = message.example_list_with_context
    assert features(shared.context) == {"c": ("bytes_list", [b"x"])}
    assert [features(e)["i"] for e in shared.examples] == [
        ("int64_list", [1]),
        ("int64_list", [2]),
    ]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "When method is classify, key 'examples' is expected and was not found"),
        ({"examples": {}}, "Expecting 'examples' value to be an list/array"),
        ({"examples": []}, "'examples' value is an empty array"),
        ({"examples": [1]}, "Example must be JSON object but got JSON Number"),
        ({"examples": [False]}, "Example must be JSON object but got JSON False"),
        ({"context": [], "examples": [{}]}, "must be JSON object but got JSON Array"),
        (
            {"examples": [{"a": None}]},
            "Feature: a has element with unexpected JSON type: Null",
        ),
        (
            {"examples": [{"a": [[1]]}]},
            "Feature: a has element with unexpected JSON type: Array",
        ),
        (
            {"examples": [{"a": {"x": 1}}]},
            "Feature: a has element with unexpected JSON type: Object",
        ),
        (
            {"examples": [{"a": [1, "x"]}]},
            "Unexpected element type in feature: a expecting type: int64",
        ),
        (
            {"examples": [{"a": ["x", 1.5]}]},
            "Unexpected element type in feature: a expecting type: bytes",
        ),
        (
            {"examples": [{"a": [1.5, 1]}]},
            "Unexpected element type in feature: a expecting type: float",
        ),
        (
            {"examples": [{"a": 2**63}]},
            "Feature: a has uint64_t element. Only int64_t is supported.",
        ),
        ({"examples": [{"a": 10**400}]}, "Number too big to be stored in double."),
        ({"examples": [{"a": float("inf")}]}, "Number too big to be stored in double."),
    ],
)
def test_what_is_no_example_is_refused(document, message):
    with pytest.raises(StatusError, match=re.escape(message)):
        read_input(document)


def test_an_integer_beyond_64_bits_is_a_float():
    (example,) = read_input({"examples": [{"a": 10**20}]}).example_list.examples

    assert features(example)["a"][0] == "float_list"

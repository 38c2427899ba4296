"""The body of a classify or regress call to an Input of tf.train.Examples."""

import math

from export.protocol import Example, Feature, Input
from export.serve.rest.json_base64 import decode_base64, is_base64
from export.serve.rest.json_body import Constant, invalid, show, too_big
from export.serve.rest.json_tensors import json_type

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1
_UINT64_MAX = 2**64 - 1
_NO_FEATURES = (type(None), dict, list)


def read_input(document: dict) -> Input:
    """Reads `examples`, and the `context` that they share.

    A feature is a value or a list of values of one kind: strings and
    `{"b64": ...}`, whole numbers and booleans, or decimals.

    Raises:
        StatusError: INVALID_ARGUMENT, in the server's words.
    """
    message = Input()
    if "context" in document:
        examples = message.example_list_with_context
        examples.context.CopyFrom(_read_example(document["context"]))
    else:
        examples = message.example_list
    for value in _list_examples(document):
        examples.examples.append(_read_example(value))
    return message


def _list_examples(document):
    if "examples" not in document:
        raise invalid(
            f"JSON Value: {show(document)} When method is classify, key 'examples' is "
            "expected and was not found"
        )
    examples = document["examples"]
    if not isinstance(examples, list):
        raise invalid(
            f"JSON Value: {show(document)} Expecting 'examples' value to be an "
            "list/array"
        )
    if not examples:
        message = f"JSON Value: {show(document)} 'examples' value is an empty array"
        raise invalid(message)
    return examples


def _read_example(value):
    if not isinstance(value, dict):
        kind = json_type(value)
        raise invalid(f"Example must be JSON object but got JSON {kind}")
    example = Example()
    for name, content in value.items():
        feature = example.features.feature[name]
        for item in content if isinstance(content, list) else [content]:
            _add_value(feature, name, item)
    return example


def _add_value(feature: Feature, name, value):
    kind, value = _read_value(name, value)
    present = feature.WhichOneof("kind")
    if present not in (None, kind):
        raise invalid(
            f"Unexpected element type in feature: {name} expecting type: "
            f"{present.removesuffix('_list')}"
        )
    getattr(feature, kind).value.append(value)


def _read_value(name, value):
    if isinstance(value, _NO_FEATURES) and not is_base64(value):
        raise invalid(
            f"Feature: {name} has element with unexpected JSON type: {json_type(value)}"
        )
    if isinstance(value, dict):
        return "bytes_list", decode_base64(value)
    if isinstance(value, str):
        return "bytes_list", value.encode()
    if isinstance(value, int) and _INT64_MIN <= value <= _INT64_MAX:
        return "int64_list", int(value)
    if isinstance(value, int) and 0 < value <= _UINT64_MAX:
        raise invalid(
            f"Feature: {name} has uint64_t element. Only int64_t is supported."
        )
    try:
        number = float(value)
    except OverflowError as error:
        raise too_big() from error
    if math.isinf(number) and not isinstance(value, Constant):
        raise too_big()
    return "float_list", number

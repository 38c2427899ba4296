"""Every other answer as JSON: classes, regressions, status, metadata, errors."""

import numpy as np
from google.protobuf import json_format
from google.protobuf.message import Message

from export.protocol import (
    ClassificationResult,
    GetModelMetadataResponse,
    RegressionResult,
    SignatureDefMap,
)
from export.serve.rest.json_body import invalid
from export.serve.rest.json_writer import JsonWriter, write_decimals, write_string


def write_classifications(result: ClassificationResult) -> bytes:
    """`{"results": [[[label, score], ...], ...]}`, a list of pairs a row."""
    if not result.classifications:
        raise invalid("Cannot convert empty ClassificationResults to JSON")
    writer = JsonWriter()
    writer.start_object()
    writer.key("results")
    writer.start_list()
    for row in result.classifications:
        writer.one_line = True
        _write_classes(writer, row.classes)
        writer.one_line = False
    writer.end_list()
    writer.end_object()
    return writer.encode()


def write_regressions(result: RegressionResult) -> bytes:
    """`{"results": [value, ...]}`, a value a row."""
    if not result.regressions:
        raise invalid("Cannot convert empty RegressionResults to JSON")
    values = np.array([item.value for item in result.regressions], np.float32)
    writer = JsonWriter()
    writer.one_line = True
    writer.start_object()
    writer.key("results")
    writer.start_list()
    writer.values(write_decimals(values))
    writer.end_list()
    writer.end_object()
    return writer.encode()


def write_error(message: str) -> bytes:
    """`{"error": message}`."""
    writer = JsonWriter()
    writer.start_object()
    writer.key("error")
    writer.values([write_string(message)])
    writer.end_object()
    return writer.encode()


def write_message(message: Message) -> bytes:
    """A message as protobuf's own JSON; fields at their default are there too."""
    text = json_format.MessageToJson(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
        indent=1,
        ensure_ascii=False,
    )
    return f"{text}\n".encode()


def write_metadata(response: GetModelMetadataResponse) -> bytes:
    """A model's name, version and signatures."""
    signatures = SignatureDefMap()
    response.metadata["signature_def"].Unpack(signatures)
    # The server joins the two texts itself; hence the uneven layout.
    return b'{\n"model_spec":%b,\n"metadata": {"signature_def": %b}\n}\n' % (
        write_message(response.model_spec),
        write_message(signatures),
    )


def _write_classes(writer, classes):
    scores = np.array([item.score for item in classes], np.float32)
    writer.start_list()
    for item, score in zip(classes, write_decimals(scores), strict=True):
        writer.start_list()
        writer.values([write_string(item.label), score])
        writer.end_list()
    writer.end_list()

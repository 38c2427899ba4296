"""Ours and the official stubs' messages are one and the same to each other."""

import subprocess
import sys

import pytest
from google.protobuf import descriptor_pool, json_format, text_format
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow.core.protobuf import config_pb2  # noqa: F401
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    model_service_pb2,  # noqa: F401
    prediction_log_pb2,  # noqa: F401
)

from export import protocol
from export.protocol import POOL, GetModelMetadataResponse, SignatureDefMap
from tests.export.protocol.wild_messages import messages

NAMES = (
    "PredictRequest", "PredictResponse", "ClassificationRequest",
    "ClassificationResponse", "RegressionResponse", "MultiInferenceResponse",
    "GetModelMetadataResponse", "GetModelStatusResponse", "ReloadConfigRequest",
    "PredictionLog", "SavedModel", "ConfigProto", "OpList",
)  # fmt: skip


def official(name):
    """The class of TensorFlow or tensorflow-serving-api."""
    full_name = getattr(protocol, name).DESCRIPTOR.full_name
    return GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(full_name))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_bytes_cross_over_both_ways(name, data):
    ours, theirs = getattr(protocol, name), official(name)
    message = data.draw(messages(ours))
    sent = message.SerializeToString(deterministic=True)
    received = theirs.FromString(sent)

    assert received.SerializeToString(deterministic=True) == sent
    assert ours.FromString(received.SerializeToString()) == message


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_text_crosses_over_both_ways(name, data):
    ours, theirs = getattr(protocol, name), official(name)
    message = data.draw(messages(ours))
    text = text_format.MessageToString(message, descriptor_pool=POOL)
    received = text_format.Parse(text, theirs())

    # Of which map entry comes first, text says nothing.
    assert received == theirs.FromString(message.SerializeToString())
    text = text_format.MessageToString(received)
    assert text_format.Parse(text, ours(), descriptor_pool=POOL) == message


def test_bytes_cross_over_within_an_any():
    signatures = SignatureDefMap()
    signatures.signature_def["serving_default"].inputs["text"].name = "text:0"
    response = GetModelMetadataResponse()
    response.metadata["signature_def"].Pack(signatures)
    theirs = get_model_metadata_pb2.GetModelMetadataResponse.FromString(
        response.SerializeToString()
    )
    unpacked = get_model_metadata_pb2.SignatureDefMap()

    assert theirs.metadata["signature_def"].Unpack(unpacked)
    assert unpacked.signature_def["serving_default"].inputs["text"].name == "text:0"
    theirs.metadata["signature_def"].Pack(unpacked)
    back = GetModelMetadataResponse.FromString(theirs.SerializeToString())
    assert back == response


def test_an_any_is_spelt_out_in_text_and_json():
    response = GetModelMetadataResponse()
    response.metadata["a"].Pack(protocol.ModelSpec(name="reviews"))
    text = text_format.MessageToString(response, descriptor_pool=POOL)

    assert "[type.googleapis.com/tensorflow.serving.ModelSpec]" in text
    assert json_format.MessageToDict(response, descriptor_pool=POOL) == {
        "metadata": {
            "a": {
                "@type": "type.googleapis.com/tensorflow.serving.ModelSpec",
                "name": "reviews",
            }
        }
    }


def test_what_is_set_to_nothing_is_told_from_what_is_not_set():
    spec = protocol.ModelSpec()
    spec.version.SetInParent()
    request = protocol.PredictRequest(client_id=b"")

    assert spec.WhichOneof("version_choice") == "version"
    assert request.HasField("client_id")
    assert not protocol.PredictRequest().HasField("client_id")


def test_enums_tell_names_and_numbers():
    assert protocol.DataType.DT_STRING == 7
    assert protocol.DataType.Name(7) == "DT_STRING"
    assert protocol.Code.Value("NOT_FOUND") == 5


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'PredictQuestion'"):
        protocol.PredictQuestion  # noqa: B018


@pytest.mark.parametrize("first", ["export.protocol", "tensorflow"])
def test_tensorflow_may_be_imported_before_or_after(first):
    code = (
        f"import sys, {first}; import export.protocol.tensors\n"
        "print('tensorflow' in sys.modules)\n"
        "import tensorflow as tf, tensorflow_serving.apis.predict_pb2\n"
        "proto = tf.make_tensor_proto([1.5])\n"
        "print(export.protocol.tensors.to_array(proto))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    expected = str(first == "tensorflow")
    assert run.stdout.split() == [expected, "[1.5]"], run.stderr

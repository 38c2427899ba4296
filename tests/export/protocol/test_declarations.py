"""Our messages against those that TensorFlow and tensorflow-serving-api bring."""

import importlib

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from export import protocol
from export.protocol.declared import FILES
from export.protocol.pool import POOL

# The package tensorflow-serving-api lacks these files of the server.
WITHOUT_UPSTREAM = {
    "tensorflow_serving/config/monitoring_config.proto",
    "tensorflow_serving/config/ssl_config.proto",
    "tensorflow_serving/servables/tensorflow/session_bundle_config.proto",
}
NAMES = [file.name for file in FILES if file.name not in WITHOUT_UPSTREAM]
# What needs many machines, or records how a run went.
LEFT_OUT = {
    "BatchingOptions", "CallableOptions", "ConfigProto.cluster_def",
    "ConfigProto.Experimental.coordination_config", "ConfigProto.rpc_options",
    "RunMetadata", "RunOptions.debug_options", "SerializedDType",
    "SessionRunResponse.metadata", "TensorConnection",
}  # fmt: skip


def upstream(name):
    if name.startswith("tensorflow"):
        importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2")
    return descriptor_pool.Default().FindFileByName(name)


def facts(file):
    """Everything about a file that the wire, text, JSON or reflection shows."""
    entries = {}
    messages = list(file.message_types_by_name.values())
    enums = list(file.enum_types_by_name.values())
    while messages:
        message = messages.pop()
        messages += message.nested_types
        enums += message.enum_types
        entries[message.full_name] = (
            message.file.name, message.GetOptions().map_entry,
            sorted((group.name, len(group.fields)) for group in message.oneofs),
        )  # fmt: skip
        entries.update(
            (field.full_name, field_facts(field)) for field in message.fields
        )
    for enum in enums:
        numbers = [(value.name, value.number) for value in enum.values]
        entries[enum.full_name] = (enum.file.name, numbers)
    for service in file.services_by_name.values():
        entries[service.full_name] = [method_facts(m) for m in service.methods]
    return entries


def field_facts(field):
    target = field.message_type or field.enum_type
    group = field.containing_oneof
    return {
        "number": field.number, "type": field.type, "json": field.json_name,
        "repeated": field.is_repeated, "packed": field.is_packed,
        "presence": field.has_presence, "default": field.default_value,
        "target": target and (target.full_name, target.file.name),
        "group": group and group.name, "index": field.index if group else None,
    }  # fmt: skip


def method_facts(method):
    return (
        method.full_name, method.input_type.full_name, method.output_type.full_name,
        method.client_streaming, method.server_streaming,
    )  # fmt: skip


def left_out(full_name):
    short = full_name.removeprefix("tensorflow.").removeprefix("serving.")
    return any(f"{short}.".startswith(f"{name}.") for name in LEFT_OUT)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_declares_what_upstream_declares(name):
    ours, theirs = facts(POOL.FindFileByName(name)), facts(upstream(name))

    assert set(theirs) - set(ours) == {key for key in theirs if left_out(key)}
    assert ours == {key: theirs[key] for key in ours}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_upstreams_syntax_package_and_imports(name):
    ours, theirs = FileDescriptorProto(), FileDescriptorProto()
    POOL.FindFileByName(name).CopyToProto(ours)
    upstream(name).CopyToProto(theirs)

    assert ours.syntax == theirs.syntax
    assert ours.package == theirs.package
    assert set(ours.dependency) <= set(theirs.dependency)
    assert len(ours.public_dependency) == len(theirs.public_dependency)


def test_what_is_left_out_exists_upstream():
    theirs = [facts(upstream(name)) for name in NAMES]

    for name in LEFT_OUT:
        assert any(
            f"{package}.{name}" in entries
            for package in ("tensorflow", "tensorflow.serving")
            for entries in theirs
        )


INT64, STRING, BOOL = (
    f"google.protobuf.{kind}Value" for kind in ("Int64", "String", "Bool")
)
# What the server's .proto files say, read there: fields by number.
SERVER_FILES = {
    "BatchingParameters": {
        1: ("max_batch_size", INT64), 2: ("batch_timeout_micros", INT64),
        3: ("max_enqueued_batches", INT64), 4: ("num_batch_threads", INT64),
        5: ("thread_pool_name", STRING), 6: ("allowed_batch_sizes", "int64*"),
        7: ("pad_variable_length_inputs", "bool"),
        8: ("enable_large_batch_splitting", BOOL),
        9: ("max_execution_batch_size", INT64),
    },
    "MonitoringConfig": {
        1: ("prometheus_config", "tensorflow.serving.PrometheusConfig")
    },
    "PrometheusConfig": {1: ("enable", "bool"), 2: ("path", "string")},
    "SSLConfig": {
        1: ("server_key", "string"), 2: ("server_cert", "string"),
        3: ("custom_ca", "string"), 4: ("client_verify", "bool"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SERVER_FILES)
def test_a_file_that_no_package_has_declares_what_the_server_reads(name):
    descriptor = getattr(protocol, name).DESCRIPTOR

    assert descriptor.full_name == f"tensorflow.serving.{name}"
    assert descriptor.file.name in WITHOUT_UPSTREAM
    assert {
        field.number: (field.name, type_name(field)) for field in descriptor.fields
    } == SERVER_FILES[name]


def type_name(field):
    if field.message_type:
        return field.message_type.full_name
    name = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    return f"{name}*" if field.is_repeated else name

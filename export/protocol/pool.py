"""The messages, enums and services that the tables declare.

They live in a pool of their own, so that TensorFlow may be imported beside
them: its registrations of the same names are in protobuf's default pool.
"""

from google.protobuf import any_pb2, descriptor_pool, message_factory, wrappers_pb2
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from export.protocol.declare import describe
from export.protocol.declared import FILES


def _fill(pool):
    for module in (any_pb2, wrappers_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    for file in FILES:
        pool.AddSerializedFile(describe(file).SerializeToString())
    return pool


POOL = _fill(descriptor_pool.DescriptorPool())
"""A `google.protobuf.descriptor_pool.DescriptorPool`: what text_format, json_format
and reflection need to know these messages by their names."""


def _files():
    return [POOL.FindFileByName(file.name) for file in FILES]


MESSAGES = {
    name: message_factory.GetMessageClass(descriptor)
    for file in _files()
    for name, descriptor in file.message_types_by_name.items()
}
ENUMS = {
    name: EnumTypeWrapper(descriptor)
    for file in _files()
    for name, descriptor in file.enum_types_by_name.items()
}

"""Reads the tables of `export.protocol.declared` into file descriptors.

A table says what a .proto file says, number first, as on the wire. A line at
the margin opens a message, an enum or a service; what it holds stands indented
below it, parted by commas:

    message TensorInfo
        1 string name @encoding, 4 TensorInfo.CooSparse coo_sparse @encoding,
        2 DataType dtype, 3 TensorShapeProto tensor_shape
    message TensorInfo.CooSparse
        1 string values_tensor_name

`int64*` is repeated, `{string AttrValue}` a map, and `bytes?` tells whether it
was set; `@encoding` makes the field one of that group, ` packed` is for proto2,
and ` same in JSON` keeps the name's underscores there. An enum holds `0 NAME`, a
service `Method Request Response`. Types are looked up from the inside outwards,
as in .proto files.
"""

import re
from dataclasses import dataclass

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field
from google.protobuf.descriptor_pb2 import FileDescriptorProto

_SCALARS = {
    name: getattr(Field, f"TYPE_{name.upper()}")
    for name in (
        "double", "float", "int32", "int64", "uint32", "uint64", "sint64", "fixed64",
        "bool", "string", "bytes",
    )
}  # fmt: skip
_FIELD = re.compile(
    r"(?P<number>\d+) (?:\{(?P<key>\w+) (?P<value>[\w.]+)\}|(?P<type>[\w.]+))"
    r"(?P<mark>[*?]?) (?P<name>\w+)(?: @(?P<group>\w+))?"
    r"(?P<packed> packed)?(?P<json> same in JSON)?"
)


@dataclass(frozen=True)
class File:
    """One .proto file, under the name that other files import it by."""

    name: str
    package: str
    imports: tuple[str, ...]
    text: str
    public_imports: tuple[str, ...] = ()
    syntax: str = "proto3"


def describe(file: File) -> FileDescriptorProto:
    """A table as protobuf's own description of a file.

    Raises:
        ValueError: the table does not follow the notation.
    """
    described = FileDescriptorProto(
        name=file.name,
        package=file.package,
        dependency=(*file.public_imports, *file.imports),
        public_dependency=range(len(file.public_imports)),
        syntax=file.syntax,
    )
    messages = {}
    for heading, entries in _blocks(file.text):
        kind, full_name = heading.split()
        outer, _, name = full_name.rpartition(".")
        parent = messages[outer] if outer else described
        if kind == "message":
            messages[full_name] = _add_message(parent, name, entries)
        elif kind == "enum":
            _add_enum(parent, name, entries)
        else:
            _add_service(described, name, entries)
    return described


def _blocks(text):
    for block in filter(None, re.split(r"\n(?=\w)", text.strip())):
        heading, _, body = block.partition("\n")
        body = " ".join(body.split())
        yield heading, body.split(", ") if body else []


def _add_message(parent, name, entries):
    outermost = isinstance(parent, FileDescriptorProto)
    message = (parent.message_type if outermost else parent.nested_type).add(name=name)
    for entry in entries:
        if not (match := _FIELD.fullmatch(entry)):
            raise ValueError(f"A field must follow the notation. Received: {entry!r}.")
        _add_field(message, **match.groupdict())
    # protobuf wants the groups of one that `?` stands for after the real ones.
    for field in message.field:
        if field.proto3_optional:
            field.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")
    return message


def _add_field(message, number, key, value, type, mark, name, group, packed, json):
    repeated = key or mark == "*"
    label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
    field = message.field.add(name=name, number=int(number), label=label)
    if json:
        field.json_name = name
    if packed:
        field.options.packed = True
    if key:
        type = "".join(map(str.capitalize, name.split("_"))) + "Entry"
        _add_entry(message, type, key, value)
    if type in _SCALARS:
        field.type = _SCALARS[type]
    else:
        field.type_name = type  # The pool finds out whether message or enum.
    if group:
        field.oneof_index = _group(message, group)
    if mark == "?":
        field.proto3_optional = True


def _add_entry(message, name, key, value):
    entry = _add_message(message, name, [f"1 {key} key", f"2 {value} value"])
    entry.options.map_entry = True


def _group(message, name):
    names = [group.name for group in message.oneof_decl]
    if name not in names:
        message.oneof_decl.add(name=name)
        names.append(name)
    return names.index(name)


def _add_enum(parent, name, entries):
    enum = parent.enum_type.add(name=name)
    for entry in entries:
        number, value = entry.split()
        enum.value.add(name=value, number=int(number))


def _add_service(described, name, entries):
    service = described.service.add(name=name)
    for entry in entries:
        method, request, response = entry.split()
        service.method.add(name=method, input_type=request, output_type=response)

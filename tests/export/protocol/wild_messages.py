"""A strategy for hypothesis: messages with anything in their fields."""

from google.protobuf.descriptor import FieldDescriptor as Field
from hypothesis import strategies as st

_NUMBERS = {
    Field.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    Field.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    Field.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    Field.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    Field.CPPTYPE_FLOAT: st.floats(allow_nan=False, width=32),
    Field.CPPTYPE_DOUBLE: st.floats(allow_nan=False),
    Field.CPPTYPE_BOOL: st.booleans(),
}


@st.composite
def messages(draw, message_class, depth=5):
    message = message_class()
    _fill(draw, message, depth)
    return message


def _fill(draw, message, depth):
    fields = list(message.DESCRIPTOR.fields)
    if not fields or not depth:
        return
    for field in draw(st.lists(st.sampled_from(fields), max_size=5, unique=True)):
        if field.message_type is None:
            _set(draw, message, field)
        elif field.message_type.GetOptions().map_entry:
            _set_entry(draw, getattr(message, field.name), field.message_type, depth)
        else:
            part = getattr(message, field.name)
            part = part.add() if field.is_repeated else part
            part.SetInParent()
            _fill(draw, part, depth - 1)


def _set(draw, message, field):
    if field.is_repeated:
        values = draw(st.lists(_values(field), max_size=3))
        getattr(message, field.name).extend(values)
    else:
        setattr(message, field.name, draw(_values(field)))


def _set_entry(draw, entries, entry, depth):
    key = draw(_values(entry.fields_by_name["key"]))
    value = entry.fields_by_name["value"]
    if value.message_type:
        _fill(draw, entries[key], depth - 1)
    else:
        entries[key] = draw(_values(value))


def _values(field):
    if field.type == Field.TYPE_STRING:
        return st.text(max_size=5)
    if field.type == Field.TYPE_BYTES:
        return st.binary(max_size=5)
    if field.enum_type:
        return st.sampled_from([value.number for value in field.enum_type.values])
    return _NUMBERS[field.cpp_type]

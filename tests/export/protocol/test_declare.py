import pytest
from google.protobuf import descriptor_pb2, text_format

from export.protocol.declare import File, describe


def declared(text, **options):
    return describe(File("a/b.proto", "a", imports=(), text=text, **options))


def test_a_table_becomes_a_files_description():
    text = """
message Box
    1 string name @what, 2 Box.Lid lid @what, 3 Box* boxes, 4 int32? weight_g,
    5 bytes content same in JSON
message Box.Lid
enum Colour
    0 RED, -1 NONE
service Boxes
    Open Box Box.Lid
"""
    assert declared(text) == text_format.Parse(
        """
        name: "a/b.proto" package: "a" syntax: "proto3"
        message_type {
          name: "Box"
          field { name: "name" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING
                  oneof_index: 0 }
          field { name: "lid" number: 2 label: LABEL_OPTIONAL type_name: "Box.Lid"
                  oneof_index: 0 }
          field { name: "boxes" number: 3 label: LABEL_REPEATED type_name: "Box" }
          field { name: "weight_g" number: 4 label: LABEL_OPTIONAL type: TYPE_INT32
                  oneof_index: 1 proto3_optional: true }
          field { name: "content" number: 5 label: LABEL_OPTIONAL type: TYPE_BYTES
                  json_name: "content" }
          oneof_decl { name: "what" }
          oneof_decl { name: "_weight_g" }
          nested_type { name: "Lid" }
        }
        enum_type { name: "Colour" value { name: "RED" number: 0 }
                    value { name: "NONE" number: -1 } }
        service { name: "Boxes"
          method { name: "Open" input_type: "Box" output_type: "Box.Lid" } }
        """,
        descriptor_pb2.FileDescriptorProto(),
    )


def test_a_map_is_a_list_of_entries():
    (box,) = declared("message Box\n    1 {string Box} box_by_name").message_type

    assert box.field[0].type_name == "BoxByNameEntry"
    (entry,) = box.nested_type
    assert entry.name == "BoxByNameEntry"
    assert entry.options.map_entry
    assert [field.name for field in entry.field] == ["key", "value"]


def test_public_imports_are_passed_on():
    described = describe(
        File("a.proto", "a", ("b.proto",), text="", public_imports=("c.proto",))
    )
    public = [described.dependency[index] for index in described.public_dependency]

    assert public == ["c.proto"]
    assert sorted(described.dependency) == ["b.proto", "c.proto"]


@pytest.mark.parametrize("field", ["name string 1", "1 string", "1 map<a, b> name"])
def test_a_field_that_does_not_follow_the_notation_is_refused(field):
    with pytest.raises(ValueError, match="A field must follow the notation"):
        declared(f"message Box\n    {field}")

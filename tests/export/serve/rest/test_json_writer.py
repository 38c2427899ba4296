import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.serve.rest.json_writer import JsonWriter, write_decimals, write_string


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (3, "3.0"),
        (0.2, "0.2"),
        (1 / 3, "0.333333343"),
        (1e6, "1e+06"),
        (1234567, "1234567.0"),
        (3e-5, "3e-05"),
        (16777216, "16777216.0"),
        (-0.0, "-0.0"),
        (np.nan, "NaN"),
        (-np.inf, "-Infinity"),
        (np.inf, "Infinity"),
        (3.4028235e38, "3.40282347e+38"),
    ],
)
def test_point_35_floats_are_written_as_the_server_does(value, text):
    assert write_decimals(np.array([value], np.float32)) == [text]


def test_doubles_have_up_to_17_digits():
    texts = write_decimals(np.array([0.1, 1 / 3, 1e300]))

    assert texts == ["0.1", "0.33333333333333331", "1e+300"]


@settings(deadline=None)
@given(st.lists(st.floats(width=32), min_size=1))
def test_every_float_can_be_read_back(values):
    array = np.array(values, np.float32)

    read = json.loads(f"[{','.join(write_decimals(array))}]")

    np.testing.assert_array_equal(np.array(read, np.float32), array)


def test_strings_are_escaped():
    assert write_string('a"\\/\n\x01ä😀') == '"a\\"\\\\/\\n\\u0001ä😀"'


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_string_can_be_read_back(text):
    assert json.loads(write_string(text)) == text


def test_bytes_that_are_not_utf_8_pass_through():
    writer = JsonWriter()
    writer.start_list()
    writer.values([write_string(b"\xff\xc3\xa4")])
    writer.end_list()

    assert writer.encode() == b'[\n    "\xff\xc3\xa4"\n]'


def write(writer, value):
    if isinstance(value, list):
        writer.start_list()
        for item in value:
            write(writer, item)
        writer.end_list()
    elif isinstance(value, dict):
        writer.start_object()
        for key, item in value.items():
            writer.key(key)
            write(writer, item)
        writer.end_object()
    else:
        writer.values([json.dumps(value, ensure_ascii=False)])


VALUES = st.recursive(
    st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
)


@settings(deadline=None)
@given(st.lists(VALUES))
def test_the_layout_is_that_of_four_spaces(value):
    writer = JsonWriter()
    write(writer, value)

    assert writer.encode().decode() == json.dumps(value, indent=4)


def test_lists_can_stay_on_one_line():
    writer = JsonWriter()
    writer.one_line = True
    write(writer, {"a": [[1, 2], [], [3]], "b": [{"c": 1}]})

    assert writer.encode().decode() == (
        '{\n    "a": [[1, 2], [], [3]],\n    "b": [{\n            "c": 1\n        }]\n}'
    )

import re

import pytest

from export.runtime.status import Code, StatusError
from export.serve.rest.json_body import parse, show


def test_an_object_is_read():
    document = parse('\ufeff{"a": [1, -2.5, true, null, "ä", NaN, -Infinity]}'.encode())

    assert document["a"][:5] == [1, -2.5, True, None, "ä"]
    assert str(document["a"][5:]) == "[nan, -inf]"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "JSON Parse error: The document is empty"),
        (b"instances = [1]", "JSON Parse error: Invalid value. at offset: 0"),
        (b"[1]", "JSON Value: [\n    1\n] Is not object"),
        (b'{"a": 1', "JSON Parse error: Missing a comma"),
        (b'{"a" 1}', "JSON Parse error: Missing a colon after a name of object member"),
        (b"{} {}", "The document root must not be followed by other values. at offset"),
        (b'{"a": "b', "JSON Parse error: Missing a closing quotation mark in string."),
        (b'{"a": "\n"}', "Invalid encoding in string. at offset: 7"),
        (b'{"a": "\\x"}', "JSON Parse error: Invalid escape character in string."),
        (
            b'{"a": "\xff"}',
            "Invalid encoding in string. at offset: 7",
        ),
        (b'{"a": "\\ud800"}', "The surrogate pair in string is invalid."),
        (b'{"\\uD800\\uD800": 1}', "The surrogate pair in string is invalid."),
        (b'{"a": 1, "a": 1}', 'The name "a" is repeated in an object.'),
        (b'{"\\ud800": 1, "\\ud800": 1}', 'The name "?" is repeated in an object.'),
        (b'{"a": %s}' % (b"1" * 5000), "Number too big to be stored in double."),
        (b'{"a": ' + b"[" * 10**5, "JSON Parse error: Too many nested lists"),
        (b'{"a":' * 10**5, "JSON Parse error: Too many nested lists"),
    ],
)
def test_what_is_no_object_is_refused_in_words(body, message):
    with pytest.raises(StatusError, match=re.escape(message)) as caught:
        parse(body)

    assert caught.value.code == Code.INVALID_ARGUMENT
    caught.value.message.encode()


def test_a_whole_surrogate_pair_is_a_character():
    assert parse(b'{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


def test_a_long_value_is_cut_in_messages():
    shown = show({"a": ["x" * 100] * 1000})

    assert len(shown) == 1024 + len("...TRUNCATED")
    assert shown.startswith('{\n    "a": [\n        "xxx')

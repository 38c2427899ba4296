import pytest

from export.runtime.status import StatusError
from export.serve.rest.json_base64 import decode_base64, is_base64


@pytest.mark.parametrize("text", ["AP8=", "AP8", "A P\n8=", "AP8.", " AP8= "])
def test_base64_may_hold_white_space_and_lack_padding(text):
    assert decode_base64({"b64": text}) == b"\x00\xff"


@pytest.mark.parametrize(
    "text", ["*", "_-8=", "A", "AAAAA", "ä", "A=A", "=" * 10**6 + "A"]
)
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(StatusError, match="Unable to base64 decode"):
        decode_base64({"b64": text})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b64": ""}, True),
        ({"b64": 1}, False),
        ({"b64": "", "x": 1}, False),
        ({"B64": ""}, False),
        ("b64", False),
    ],
)
def test_one_string_under_one_name_stands_for_bytes(value, expected):
    assert is_base64(value) is expected

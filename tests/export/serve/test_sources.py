import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.protocol import ModelConfig
from export.serve.sources import Source, parse_version
from tests.export.serve.conftest import make_versions


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1", 1),
        ("00123", 123),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("v1", None),
        (".tmp-x", None),
        ("1.0", None),
        ("1_000", None),
        ("٣", None),
        ("", None),
    ],
)
def test_a_version_is_a_name_that_reads_as_an_integer(name, expected):
    assert parse_version(name) == expected


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_64_bit_integer_is_a_version(number):
    assert parse_version(str(number)) == number


@given(st.text())
def test_no_name_breaks_the_parser(name):
    version = parse_version(name)

    assert version is None or int(name) == version


def poll(folder, **policy):
    source = Source(
        ModelConfig(name="m", base_path=str(folder), model_version_policy=policy)
    )
    return source.poll()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, [10]),
        ({"latest": {}}, [10]),
        ({"latest": {"num_versions": 2}}, [9, 10]),
        ({"latest": {"num_versions": 99}}, [2, 9, 10]),
        ({"all": {}}, [2, 9, 10]),
        ({"specific": {"versions": [9, 2]}}, [2, 9]),
        ({"specific": {"versions": [9, 7]}}, [9]),
    ],
)
def test_a_policy_chooses(tmp_path, policy, expected):
    make_versions(tmp_path, "9", "10", "2", "v11", ".tmp-12")

    assert poll(tmp_path, **policy) == {n: str(tmp_path / str(n)) for n in expected}


def test_the_folder_is_the_one_that_was_found(tmp_path):
    make_versions(tmp_path, "00123")

    assert poll(tmp_path) == {123: str(tmp_path / "00123")}


def test_two_folders_of_one_version_are_one(tmp_path, caplog):
    make_versions(tmp_path, "1", "001")

    assert poll(tmp_path, all={}) == {1: str(tmp_path / "1")}
    assert "Version 1 will be loaded from 1, 001 will be ignored" in caplog.text


@pytest.mark.parametrize("path", ["missing", "file", "nul\0"])
def test_a_base_path_that_cannot_be_listed_says_nothing_of_versions(
    tmp_path, caplog, path
):
    (tmp_path / "file").write_text("not a folder")

    assert poll(tmp_path / path) is None
    assert f"Could not find base path {tmp_path / path} for servable m" in caplog.text


def test_no_version_is_said_once_and_again_when_it_is_new(tmp_path, caplog):
    source = Source(ModelConfig(name="m", base_path=str(tmp_path)))

    assert [source.poll(), source.poll()] == [{}, {}]
    assert caplog.text.count("No versions of servable m found under base path") == 1
    make_versions(tmp_path, 1)
    source.poll()
    (tmp_path / "1").rmdir()
    source.poll()
    assert caplog.text.count("Did you forget to name your leaf directory") == 2


def test_a_missing_specific_version_is_named(tmp_path, caplog):
    make_versions(tmp_path, 1)

    poll(tmp_path, specific={"versions": [1, 7]})

    assert "Version 7 of servable m, which was requested" in caplog.text

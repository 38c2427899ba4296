import platform

import keras

from mmtf import presets
from mmtf.report.sections.environment import describe, options
from mmtf.version import __version__


def test_every_option_is_shown_once():
    shown = dict(describe(presets.tiny())["options"])
    assert set(shown) == {
        "text", "image", "audio", "fusion and head", "training", "input pipeline",
    }  # fmt: skip
    assert dict(shown["text"])["preset"] == "none"
    assert dict(shown["input pipeline"])["augment"] in ("yes", "no")
    assert dict(shown["fusion and head"])["modalities"] == "text, image, audio"


def test_nested_options_get_dotted_names():
    assert options({"a": {"b": {"c": 1}}, "d": False, "e": (), "f": ""}) == {
        "a.b.c": "1", "d": "no", "e": "none", "f": "none",
    }  # fmt: skip


def test_versions_are_those_installed():
    shown = dict(describe(presets.tiny())["versions"])
    assert shown["mmtf"] == __version__
    assert shown["keras"] == keras.__version__
    assert shown["Python"] == platform.python_version()


def test_a_missing_package_is_said_so(monkeypatch):
    monkeypatch.setattr("mmtf.report.sections.environment._PACKAGES", ("no-such",))
    assert ("no-such", "not installed") in describe(presets.tiny())["versions"]

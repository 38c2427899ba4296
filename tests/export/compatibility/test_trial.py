import sys

import numpy as np
import pytest
import tensorflow as tf

from export.compatibility import trial
from export.compatibility.requests import GIVEN, Request
from export.compatibility.trial import try_out
from export.runtime import Code, StatusError


def request(**inputs):
    return Request("serving_default", inputs, GIVEN)


def test_each_request_has_its_outcome(save):
    folder = save(
        lambda x: {"text": tf.strings.upper(x), "size": tf.strings.length(x)},
        tf.TensorSpec([None], tf.string, "x"),
    )
    texts = np.array([b"a\0b\0", b"", b"y" * 50], object)

    tried = try_out(
        folder,
        [request(x=texts), request(x=np.ones(2, np.float32)), request(x=texts[:0])],
        text_libraries=[],
    )

    assert (tried.loading.code, tried.crash) == (Code.OK, "")
    good, bad, empty = tried.outcomes
    assert good["text"].tolist() == [b"A\0B\0", b"", b"Y" * 50]
    assert good["size"].tolist() == [4, 0, 50]
    assert str(bad).startswith("INVALID_ARGUMENT: Expects arg[0] to be string")
    assert empty["text"].shape == (0,)


def test_only_the_named_text_libraries_are_there(save):
    text = pytest.importorskip("tensorflow_text")
    folder = save(
        lambda x: {"y": text.case_fold_utf8(x)}, tf.TensorSpec([None], tf.string, "x")
    )
    row = request(x=np.array([b"STRASSE"], object))

    (with_it,) = try_out(folder, [row], text_libraries=["normalize_ops"]).outcomes
    without = try_out(folder, [row], text_libraries=["regex_split_ops"])

    assert with_it["y"].tolist() == [b"strasse"]
    errors = [without.loading, *without.outcomes]
    assert any(
        "CaseFoldUTF8" in e.message for e in errors if isinstance(e, StatusError)
    )


@pytest.fixture
def child(monkeypatch):
    """Puts other code in the child's place."""

    def replace(code):
        monkeypatch.setattr(trial, "_CHILD", (sys.executable, "-c", code))

    return replace


def test_a_crash_is_an_outcome_with_its_words(child):
    child("""
import os, sys
print("Check failed: x", file=sys.stderr, flush=True)
os.abort()
""")

    tried = try_out("somewhere", [request()], text_libraries=[])

    assert tried.crash == "was ended by SIGABRT: Check failed: x"
    assert (tried.loading, tried.outcomes) == (None, [])


def test_a_stack_is_left_out_of_the_words(child):
    child("import sys; sys.exit('broken\\n    @ 0x7f  frame\\n    @ 0x7e  frame')")

    assert try_out("", [], text_libraries=[]).crash == "ended with status 1: broken"


def test_what_takes_too_long_is_stopped(child, monkeypatch):
    monkeypatch.setattr(trial, "_LOADING_SECONDS", 0.5)
    child("import time; time.sleep(60)")

    assert try_out("", [], text_libraries=[]).crash == "was stopped after 0.5 seconds"

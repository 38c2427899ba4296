"""Whole measurements, with contenders that have no framework in them."""

import sys

import pytest

from benchmarks.training import case
from benchmarks.training.agreement import DisagreementError
from benchmarks.training.contenders import CONTENDERS
from benchmarks.training.measure import measure
from benchmarks.training.settings import Settings
from benchmarks.training.worker_process import WorkerProcess
from mmtf.errors import InputError

FAKE = "tests.benchmarks.fake_training_worker"


def settings(**changes):
    quick = {"parts": ("text",), "rounds": 2, "turn_seconds": 0.01, "text_batch": 3}
    return Settings(**{**quick, "pytorch": sys.executable, **changes})


def start_fakes(monkeypatch, **offsets):
    def start(contender, pytorch):
        offset = str(offsets.get(contender.name, 0.0))
        return WorkerProcess(contender.title, [pytorch, "-m", FAKE, offset])

    monkeypatch.setattr(case, "start", start)


def test_everyone_takes_turns_but_who_refuses(monkeypatch):
    start_fakes(monkeypatch, pytorch=1e-5)

    measured, versions = measure(settings())

    assert [(one.mode, one.contender) for one in measured] == [
        (mode, name) for mode in ("train", "forward") for name in CONTENDERS
    ]
    refused = [one for one in measured if not one.seconds]
    assert {one.contender for one in refused} == {"mmtf-xla", "pytorch-compiled"}
    assert {one.mode for one in refused} == {"train"}
    forward = measured[len(CONTENDERS)]
    assert len(forward.seconds) >= 2 and min(forward.seconds) >= 0.001
    assert 1e-6 < forward.difference < 1e-5
    assert versions == {"fake": "1.0"}


def test_nothing_is_timed_unless_outputs_agree(monkeypatch):
    start_fakes(monkeypatch, pytorch=0.01)

    with pytest.raises(DisagreementError, match="between mmtf and PyTorch"):
        measure(settings(mode=("forward",)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"contenders": ("mmtf", "jax")}, "must be among mmtf, .* Received: jax"),
        ({"contenders": ("mmtf", "mmtf-xla")}, "must be of both sides"),
        ({"contenders": ("mmtf-xla", "pytorch")}, "must be of both sides: mmtf, and"),
        ({"pytorch": "no/python"}, "`make bench` makes.*'no/python', which does not"),
    ],
)
def test_what_cannot_be_measured_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        measure(settings(**changes))


@pytest.mark.parametrize(
    "changes", [{"parts": ()}, {"mode": ()}, {"rounds": 0}, {"whole_batch": 0}]
)
def test_settings_ask_for_something(changes):
    (name,) = changes
    with pytest.raises(InputError, match=f"`{name}` must .*Received"):
        Settings(**changes)

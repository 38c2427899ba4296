import pytest

from export.client import AsyncClient, Client, Options
from mmtf.errors import InputError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"version": 3, "label": "stable"}, "Received both: 3 and 'stable'"),
        ({"timeout_seconds": 0}, "`timeout_seconds` must be above 0. Received: 0"),
        ({"timeout_seconds": float("nan")}, "above 0. Received: nan"),
        ({"rows_per_request": -1}, "`rows_per_request` must be above 0"),
        ({"requests_in_flight": 0}, "`requests_in_flight` must be above 0"),
        ({"image_side": 0}, "`image_side` must be above 0"),
        ({"sample_rate_hz": 0}, "`sample_rate_hz` must be above 0"),
        ({"retries": 5}, "`retries` must be 0 to 4. Received: 5"),
        ({"retries": -1}, "`retries` must be 0 to 4. Received: -1"),
        ({"metadata": {"Authorization": "secret"}}, "the key 'Authorization'"),
        ({"metadata": {"trace-bin": "a"}}, "not ending in -bin.*'trace-bin'"),
        ({"metadata": {"user": "sec\nret"}}, "the key 'user'"),
    ],
)
def test_an_option_that_cannot_work_is_refused(options, message):
    with pytest.raises(InputError, match=message) as raised:
        Options(**options)
    assert "secret" not in str(raised.value)


def test_resampling_without_a_resampler_is_refused(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="Received: 16000. Run: pip install soxr"):
        Options(sample_rate_hz=16000)
    Options(sample_rate_hz=None)


def test_the_defaults_can_work():
    assert Options() == Options(server="localhost:8500", model="demo", metadata={})


@pytest.mark.parametrize("make", [Client, AsyncClient])
def test_an_option_that_does_not_exist_is_refused(make):
    with pytest.raises(TypeError, match="unexpected keyword argument 'retry'"):
        make(retry=1)

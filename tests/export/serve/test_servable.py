import pytest

from export.serve.servable import Servable
from tests.export.serve.conftest import FakeSession


class Doubling(FakeSession):
    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        return {key: 2 * value for key, value in inputs.items()}


class Stuck(FakeSession):
    def close(self):
        raise RuntimeError("will not stop")


def test_a_session_answers():
    servable = Servable("m", 1, FakeSession())

    assert servable.run("serving_default", {"x": 3}, timeout_seconds=1) == {"x": 3}
    assert servable.signatures is servable.session.signatures


def test_a_batcher_answers_where_there_is_one():
    servable = Servable("m", 1, FakeSession(), batcher=Doubling())

    assert servable.run("serving_default", {"x": 3}, outputs=["x"]) == {"x": 6}


def test_closing_closes_both():
    servable = Servable("m", 1, FakeSession(), batcher=Doubling())

    servable.close()

    assert servable.batcher.closed.is_set() and servable.session.closed.is_set()


def test_the_session_closes_even_if_the_batcher_does_not():
    servable = Servable("m", 1, FakeSession(), batcher=Stuck())

    with pytest.raises(RuntimeError, match="will not stop"):
        servable.close()

    assert servable.session.closed.is_set()


def test_the_same_version_loaded_anew_is_another_servable():
    session = FakeSession()

    assert Servable("m", 1, session) != Servable("m", 1, session)

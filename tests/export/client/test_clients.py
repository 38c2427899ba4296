import asyncio
import io
import subprocess
import sys
import wave

import grpc
import numpy as np
import pytest
from PIL import Image

from export.client import AsyncClient, Client, ServerError, predict
from mmtf.errors import InputError
from tests.export.client.fake_server import CLASSES, FakeServer


class Awaited:
    """AsyncClient as tests call Client, so that one test holds for both."""

    def __init__(self, *args, **options):
        self.args, self.options = args, options

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def predict(self, rows):
        async def ask():
            async with AsyncClient(*self.args, **self.options) as client:
                return await client.predict(rows)

        return asyncio.run(ask())

    def predict_each(self, rows):
        async def ask():
            async with AsyncClient(*self.args, **self.options) as client:
                return [answer async for answer in client.predict_each(rows)]

        return asyncio.run(ask())


both = pytest.mark.parametrize("make", [Client, Awaited], ids=["blocking", "asyncio"])


@both
def test_rows_are_answered_in_order(make, fake_server, files):
    rows = [{"text": "900", **files}, {"text": "100"}, {"audio": "", "text": None}]
    with make(fake_server.address) as client:
        full, text_only, nothing = client.predict(rows)

    assert list(full) == ["scores", "modality_weights"]
    assert list(full["scores"]) == CLASSES
    assert full["scores"]["yes"] == pytest.approx(0.9)
    assert full["modality_weights"]["image"] == pytest.approx(1 / 3)
    assert text_only["scores"]["yes"] == pytest.approx(0.1)
    assert text_only["modality_weights"] == {"text": 1, "image": 0, "audio": 0}
    assert sum(nothing["modality_weights"].values()) == 0


@both
def test_order_holds_with_several_requests_in_flight(make):
    with FakeServer(faults=[0.4, 0.01, 0.2, 0, 0.1]) as server:
        rows = ({"text": str(number)} for number in range(100))
        with make(server.address, rows_per_request=3, requests_in_flight=5) as client:
            answers = client.predict(rows)

        assert [round(a["scores"]["yes"] * 1000) for a in answers] == list(range(100))
        assert len(server.requests) == 34
        assert max(len(inputs["text"]) for _, inputs in server.requests) == 3
        assert 1 < server.most_running <= 5


@both
def test_rows_are_read_no_further_than_the_window(make):
    taken = 0

    def rows():
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield {"text": "1"}

    options = {"rows_per_request": 2, "requests_in_flight": 3}
    with (
        FakeServer(faults=[(grpc.StatusCode.NOT_FOUND, "no such model")] * 3) as server,
        make(server.address, **options) as client,
        pytest.raises(ServerError, match="no such model"),
    ):
        list(client.predict_each(rows()))
    assert taken <= 2 * 4


@both
def test_no_rows_are_no_request(make, fake_server):
    with make(fake_server.address) as client:
        assert client.predict([]) == []
    assert not fake_server.requests


@both
def test_the_request_names_model_version_signature_and_metadata(make, fake_server):
    options = {
        "model": "reviews", "version": 7, "signature": "raw",
        "metadata": {"authorization": "Bearer abc"},
    }  # fmt: skip
    with make(fake_server.address, **options) as client:
        client.predict([{"text": "1"}])

    spec = fake_server.requests[0][0].model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("reviews", 7, "raw")
    assert spec.WhichOneof("version_choice") == "version"
    assert fake_server.metadata[0]["authorization"] == "Bearer abc"


def test_the_request_may_name_a_label_or_no_version(fake_server):
    predict([{"text": "1"}], server=fake_server.address, label="stable")
    predict([{"text": "1"}], server=fake_server.address)
    labelled, plain = (request.model_spec for request, _ in fake_server.requests)

    assert labelled.version_label == "stable"
    assert plain.WhichOneof("version_choice") is None
    assert (plain.name, plain.signature_name) == ("demo", "serving_default")


def test_media_are_sent_small_and_sound_at_its_own_rate(fake_server, files):
    predict([files], server=fake_server.address, image_side=64)
    ((_, inputs),) = fake_server.requests

    assert Image.open(io.BytesIO(inputs["image"][0])).size == (96, 64)
    with wave.open(io.BytesIO(inputs["audio"][0])) as reader:
        assert reader.getparams()[:4] == (1, 2, 44100, 44100)


def test_sound_is_resampled_if_asked_to(fake_server, files):
    predict([files], server=fake_server.address, sample_rate_hz=16000)
    ((_, inputs),) = fake_server.requests

    with wave.open(io.BytesIO(inputs["audio"][0])) as reader:
        assert reader.getparams()[2:4] == (16000, 16000)


def test_regression_and_presence_are_read():
    def model(inputs):
        return {
            "value": np.float32([[1.5]]),
            "modality_weights": np.float32([[0.25, 0.75, 0]]),
            "presence": np.array([[True, True, False]]),
        }

    with FakeServer(model=model) as server:
        assert predict([{"text": "1"}], server=server.address) == [
            {
                "value": 1.5,
                "modality_weights": {"text": 0.25, "image": 0.75, "audio": 0},
                "presence": {"text": True, "image": True, "audio": False},
            }
        ]


@both
def test_a_bad_row_is_found_and_stops_no_other(make, tmp_path):
    def refuse(inputs):
        bad = "the text must not be 13" if b"13" in inputs["text"] else None
        return bad and f"{bad}\n\t [[{{node Assert}}]]"

    (tmp_path / "voice.wav").write_text("not a recording")
    rows = [{"text": str(number)} for number in range(10, 16)]
    rows += [{"text": "16", "audio": str(tmp_path / "voice.wav")},
             {"image": str(tmp_path / "none.jpg")}, {}]  # fmt: skip
    with FakeServer(refuse=refuse) as server:
        with make(server.address) as client:
            answers = list(client.predict_each(rows))

        refused = f"The server at '{server.address}' refused the request: "
    scored = [round(a["scores"]["yes"] * 1000) for a in answers if "scores" in a]
    assert scored == [10, 11, 12, 14, 15, 16]
    assert answers[3] == {"error": refused + "the text must not be 13"}
    assert "not an audio file" in answers[6]["left_out"]["audio"]
    assert answers[6]["modality_weights"]["text"] == 1
    assert answers[7] == {"error": "image: No such file or directory"}
    assert answers[8] == {"error": "neither text nor image nor audio"}


@both
def test_a_file_that_cannot_be_used_is_named(make, tmp_path):
    path = tmp_path / "voice.wav"
    path.write_text("not a recording")
    message = "`audio` .*voice.wav' .not an audio file"
    with make("localhost:1") as client, pytest.raises(InputError, match=message):
        client.predict([{"audio": str(path)}])


def test_what_a_client_for_all_media_needs_not(files):
    code = (
        "import sys, export.client\n"
        "from tests.export.client.fake_server import FakeServer\n"
        f"row = {{'text': '500', **{files}}}\n"
        "with FakeServer() as server:\n"
        "    (answer,) = export.client.predict([row], server=server.address)\n"
        "print(answer['scores']['yes'])\n"
        "heavy = {'tensorflow', 'keras', 'tensorflow_serving', 'soxr', 'scipy',"
        " 'sklearn', 'ml_dtypes'}\n"
        "print(heavy & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.splitlines() == ["0.5", "set()"], run.stderr

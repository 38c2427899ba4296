"""What is out of all proportion, sent to an export that refuses bad media."""

import contextlib
import re
import threading

import grpc
import numpy as np
import pytest

from benchmarks.payloads import make_media
from benchmarks.server_process import ServerProcess
from benchmarks.soak_answers import read_grpc
from benchmarks.soak_media import endless_wav, long_text, png_bomb
from benchmarks.targets import grpc_call, grpc_request

pytestmark = pytest.mark.large

PATIENCE_SECONDS = 60
SAMPLING_SECONDS = 0.002
# gRPC, protocol buffers, Python and the runtime each hold a request's bytes, up to
# eight times together. Unpacked, the image would be 1.2 GB, the recording 2.3 GB; to
# split 100 MB of text takes 8 GB.
MOST_COPIES = 12
OTHER_BYTES = 100e6


@pytest.fixture(scope="module")
def server(strict_model):
    with ServerProcess(strict_model) as server:
        yield server


@pytest.fixture(scope="module")
def predict(server):
    call = grpc_call(server.port)
    return lambda data: read_grpc(call(data, timeout=PATIENCE_SECONDS))["scores"]


def make_request(**second_row):
    """Three rows, of which the second has something bad in it."""
    row = make_media(16000)
    rows = [row, {**row, **second_row}, row]
    inputs = {key: np.array([r[key] for r in rows], object) for key in row}
    return grpc_request("strict", inputs).SerializeToString()


@contextlib.contextmanager
def watching_memory(server):
    """Gives a list of the memory that the server takes meanwhile, in bytes."""
    samples, done = [server.memory_bytes()], threading.Event()

    def watch():
        while not done.wait(SAMPLING_SECONDS):
            samples.append(server.memory_bytes())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


HOSTILE = {
    "a PNG of 400 megapixels": (
        {"image": png_bomb()},
        "`image` must have at most 64 megapixels. Received: 20000 x 20000 pixels in "
        "row 1.",
    ),
    "a WAV of ten hours": (
        {"audio": endless_wav()},
        "`audio` must last at most 3600 seconds. Received: a header that claims 36000 "
        "seconds in row 1.",
    ),
    "a text of 100 MB": (
        {"text": long_text()},
        "`text` must have at most 1048576 bytes. Received: 100000000 in row 1.",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_by_row_and_takes_little_memory(server, predict, what):
    second_row, message = HOSTILE[what]
    good, hostile = make_request(), make_request(**second_row)
    before = predict(good)

    refused = pytest.raises(grpc.RpcError, match=re.escape(message))
    with watching_memory(server) as samples, refused as raised:
        predict(hostile)

    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    growth = max(samples) - samples[0]
    assert growth < OTHER_BYTES + MOST_COPIES * len(hostile)
    np.testing.assert_allclose(predict(good), before, atol=1e-6)

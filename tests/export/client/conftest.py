import numpy as np
import pytest

from tests.export.client.fake_server import FakeServer
from tests.pipelines.media_samples import image_bytes, wav_bytes


@pytest.fixture
def fake_server():
    with FakeServer() as server:
        yield server


@pytest.fixture
def files(tmp_path):
    """A picture of 320 x 480 pixels, and a second of stereo sound at 44.1 kHz."""
    pixels = np.linspace(0, 255, 320 * 480 * 3).reshape(320, 480, 3)
    tone = np.sin(np.arange(44100) / 20) / 2
    contents = {
        "image": image_bytes(pixels),
        "audio": wav_bytes(np.stack([tone, tone], 1), sample_rate_hz=44100),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in contents}

import io

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipelines.gif import first_frame

cut = tf.function(
    first_frame, input_signature=[tf.TensorSpec([], tf.string)], autograph=False
)


def gif(height, width, frames=1, **options):
    random = np.random.default_rng(0)
    images = [
        Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=np.uint8))
        for _ in range(frames)
    ]
    file = io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], **options)
    return file.getvalue()


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (300, 200)])
@pytest.mark.parametrize("frames", [1, 3])
def test_the_first_frame_stays_as_it_is(shape, frames):
    data = gif(*shape, frames, comment=b"a comment " * 60)
    shorter, size = cut(data)

    assert size.numpy().tolist() == list(shape)
    decoded = [tf.io.decode_gif(d) for d in (data, shorter.numpy())]
    assert decoded[1].shape == (1, *shape, 3)
    np.testing.assert_array_equal(decoded[0][:1], decoded[1])


def test_later_frames_are_cut_off():
    assert len(cut(gif(9, 9, 20))[0].numpy()) < len(gif(9, 9, 2))


def test_a_frame_larger_than_the_picture_counts():
    data = gif(5, 7)
    start = data.index(b"\x2c\0\0\0\0\x07\0\x05\0")
    data = data[: start + 5] + b"\xff\xff\xfe\xff" + data[start + 9 :]
    assert cut(data)[1].numpy().tolist() == [0xFFFE, 0xFFFF]


@pytest.mark.parametrize("end", [6, 13, 30, -20])
def test_a_file_without_a_whole_frame_has_no_size(end):
    data = gif(30, 30)[:end]
    shorter, size = cut(data)
    assert (shorter.numpy(), size.numpy().tolist()) == (data, [0, 0])


def test_many_small_blocks_take_no_time():
    blocks = b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1x" * 500_000
    assert cut(blocks)[1].numpy().tolist() == [0, 0]


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_raise(data):
    shorter, size = cut(b"GIF8" + data)
    assert (size.numpy() >= 0).all()
    assert len(shorter.numpy()) <= len(data) + 5

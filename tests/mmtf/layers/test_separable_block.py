import keras
import numpy as np
import pytest

from mmtf.layers import SeparableBlock
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
SEQUENCE = rng.normal(size=(1, 12, 3)).astype("float32")
EVERY_FRAME = np.ones((1, 12), bool)


def built(**arguments):
    layer = SeparableBlock(4, **arguments)
    layer.build((None, 12, 3), (None, 12))
    randomise(layer)
    return layer


def prelu(x, layer):
    return np.where(x > 0, x, layer.alpha.numpy() * x)


def norm(x, layer):
    normal = (x - x.mean()) / np.sqrt(x.var() + 1e-8)
    return normal * layer.gamma.numpy() + layer.beta.numpy()


def dense(x, layer):
    return x @ layer.kernel.numpy() + layer.bias.numpy()


def test_equals_the_definition():
    block = built(kernel_size=3, dilation=2)
    x = norm(prelu(dense(SEQUENCE[0], block.expand), block.expand_activation),
             block.expand_norm)  # fmt: skip
    padded = np.pad(x, [(2, 2), (0, 0)])
    taps = block.depthwise.kernel.numpy()[:, :, 0]
    x = sum(taps[k] * padded[2 * k : 2 * k + 12] for k in range(3))
    x = prelu(x + block.depthwise.bias.numpy(), block.depthwise_activation)
    x = dense(norm(x, block.depthwise_norm), block.residual_and_skip)
    residual, skip = block(SEQUENCE, EVERY_FRAME)
    np.testing.assert_allclose(residual[0], SEQUENCE[0] + x[:, :3], atol=1e-5)
    np.testing.assert_allclose(skip[0], x[:, 3:], atol=1e-5)


@pytest.mark.parametrize("kernel_size", [2, 3])
def test_invalid_frames_reach_no_other(kernel_size):
    block = built(kernel_size=kernel_size, dilation=3)
    frame_mask = np.arange(12)[None] < 7
    changed = SEQUENCE.copy()
    changed[:, 7:] = 1000.0
    for before, after in zip(
        block(SEQUENCE, frame_mask), block(changed, frame_mask), strict=True
    ):
        np.testing.assert_allclose(before[:, :7], after[:, :7], atol=1e-6)


def test_slope_is_one_learned_number():
    assert built().expand_activation.alpha.shape == (1, 1)
    block = SeparableBlock(4)
    block.build((None, 12, 3), (None, 12))
    assert block.depthwise_activation.alpha.numpy().item() == 0.25


def test_models_with_a_block_are_compiled_without_xla():
    sequence, frame_mask = keras.Input((12, 3)), keras.Input((12,), dtype="bool")
    outputs, _ = SeparableBlock(4)(sequence, frame_mask)
    model = keras.Model([sequence, frame_mask], outputs)
    with pytest.warns(UserWarning, match="doesn't support `jit_compile=True`"):
        model.compile(jit_compile=True)
    assert model.jit_compile is False


@pytest.mark.parametrize(("kind", "compiled"), [("CPU", False), ("GPU", True)])
def test_gpus_compile_it_with_the_rest(kind, compiled, monkeypatch):
    devices = {"CPU": ["CPU:0"], "GPU": ["GPU:0"]} if kind == "GPU" else {}
    monkeypatch.setattr(
        "tensorflow.config.list_physical_devices", lambda kind: devices.get(kind, [])
    )
    assert SeparableBlock(4).supports_jit is compiled

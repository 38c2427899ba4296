"""What the audio encoder cannot be faster than on this machine.

    python -m benchmarks.floors --preset base --seconds 2

measures how fast this machine multiplies the encoder's own matrices and how fast it
reads and writes its longest tensors, and divides what the encoder has to do by that.
"""

import dataclasses
import statistics
import sys
from typing import Literal

import tyro

from benchmarks.evaluation import measure
from benchmarks.machine import describe_machine, format_machine
from mmtf import presets
from mmtf.cli.console import start_tensorflow
from mmtf.config import AudioConfig
from mmtf.errors import InputError

_BYTES_PER_NUMBER = 4
# Reads and writes of (T, H) tensors in a block, each once, if nothing is recomputed.
# Forward: hidden, convolved and normalised. Backward: those again, and the gradients
# of all three.
_FORWARD_PASSES, _BACKWARD_PASSES = 6, 9


def main(
    preset: Literal["tiny", "small", "base"] = "base",
    rows: int = 2,
    seconds: float = 2.0,
    repeats: int = 15,
) -> None:
    """Print the floors of the Conv-TasNet encoder, in ms per example.

    Args:
        preset: gives the encoder its sizes.
        rows: of the batch whose matrices are multiplied.
        seconds: of each waveform.
        repeats: of each measurement.
    """
    if min(rows, repeats, seconds) <= 0:
        raise InputError(
            "`--rows`, `--seconds` and `--repeats` must be greater than 0. Received: "
            f"rows={rows}, seconds={seconds}, repeats={repeats}."
        )
    # With the memory pool that `mmtf train` has.
    start_tensorflow()
    config = presets.preset(preset).model.audio
    config = dataclasses.replace(config, seconds=seconds)
    rate, bandwidth = measured_rates(config, rows, repeats)
    print(f"products {rate / 1e9:.0f} GFLOP/s, memory {bandwidth / 1e9:.0f} GB/s\n")
    for name, (operations, size) in work(config).items():
        products, memory = 1000 * operations / rate, 1000 * size / bandwidth
        print(
            f"{name:14s} {operations / 1e9:6.1f} GFLOP {size / 1e9:6.2f} GB   "
            f"{products:6.0f} ms + {memory:.0f} ms"
        )
    print(f"\n{format_machine(describe_machine())}")


def work(config: AudioConfig) -> dict[str, tuple[float, float]]:
    """Floating-point operations of all products, and bytes moved, for one waveform.

    Returns:
        Both for `forward` and for a `training step`, whose products are three times
        those of the forward pass.
    """
    frames = num_frames(config)
    blocks = config.num_blocks * config.num_repeats
    per_frame = config.num_filters * (config.kernel_size + 2 * config.bottleneck_dim)
    per_frame += blocks * 3 * config.bottleneck_dim * config.hidden_dim
    operations = 2.0 * frames * per_frame
    size = _BYTES_PER_NUMBER * float(frames * config.hidden_dim * blocks)
    passes = _FORWARD_PASSES + _BACKWARD_PASSES
    return {
        "forward": (operations, _FORWARD_PASSES * size),
        "training step": (3 * operations, passes * size),
    }


def num_frames(config: AudioConfig) -> int:
    """Frames of the longest waveform."""
    return -(-config.num_samples // (config.kernel_size // 2))


def measured_rates(config: AudioConfig, rows: int, repeats: int) -> tuple[float, float]:
    """Operations a second of a block's two products, and bytes a second of a pass."""
    import tensorflow as tf

    frames, width = rows * num_frames(config), config.hidden_dim
    narrow = config.bottleneck_dim
    inputs, hidden = tf.ones((frames, narrow)), tf.ones((frames, width))
    expand, contract = tf.ones((narrow, width)), tf.ones((width, 2 * narrow))
    multiply = tf.function(lambda a, b: tf.matmul(a, b))
    scale = tf.function(lambda a: 2.0 * a)
    works = {
        "expand": lambda: multiply(inputs, expand),
        "contract": lambda: multiply(hidden, contract),
        "scale": lambda: scale(hidden),
    }
    seconds = {
        name: statistics.median(values)
        for name, values in measure(works, repeats).items()
    }
    operations = 2.0 * frames * 3 * narrow * width
    rate = operations / (seconds["expand"] + seconds["contract"])
    return rate, 2.0 * _BYTES_PER_NUMBER * frames * width / seconds["scale"]


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")

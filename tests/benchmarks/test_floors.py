import pytest

from benchmarks.floors import main, measured_rates, work
from mmtf.config import AudioConfig
from mmtf.errors import InputError

# 10 frames of stride 4.
CONFIG = AudioConfig(
    sample_rate_hz=10, seconds=4.0, num_filters=6, kernel_size=8, bottleneck_dim=2,
    hidden_dim=5, num_blocks=2, num_repeats=3,
)  # fmt: skip


def test_operations_and_bytes_of_a_waveform():
    # Front end 6 * 8, bottleneck and output 6 * 2 each, six blocks of 2 * 5 + 5 * 4.
    operations = 2 * 10 * (48 + 12 + 12 + 6 * 30)
    tensor_bytes = 4 * 10 * 5
    assert work(CONFIG) == {
        "forward": (operations, 6 * 6 * tensor_bytes),
        "training step": (3 * operations, 6 * 15 * tensor_bytes),
    }


def test_rates_are_measured():
    assert min(measured_rates(CONFIG, rows=2, repeats=2)) > 0


def test_the_command(capsys):
    main("tiny", rows=1, seconds=0.1, repeats=1)
    assert "training step" in capsys.readouterr().out
    with pytest.raises(InputError, match="rows=0"):
        main("tiny", rows=0)

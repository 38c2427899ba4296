import pytest

from benchmarks.training.records import Measured, make_records
from benchmarks.training.table import format_table, format_versions

MIB = 2**20


def make_measured():
    place = ("text", "train", 2)
    return [
        Measured(*place, "mmtf", (0.2, 0.1, 0.3), 9.0, 300 * MIB, 3e-6),
        Measured(*place, "mmtf-xla"),
        Measured(*place, "pytorch", (0.4,) * 5, 1.0, 400 * MIB, 3e-6),
        Measured(*place, "pytorch-compiled", (0.25,) * 5, 30.0, 600 * MIB, 3e-6),
        Measured("text", "forward", 2, "mmtf", (0.01,) * 4, 1.0, 10 * MIB, 1e-6),
        Measured("text", "forward", 2, "pytorch", (0.02,) * 4, 1.0, 40 * MIB, 1e-6),
    ]


def test_figures_are_medians_for_each_example():
    record = make_records(make_measured())[0]

    assert record["ms_per_example"] == pytest.approx(100)
    assert record["quartiles_ms_per_example"] == pytest.approx([75, 125])
    assert (record["steps"], record["peak_mib"]) == (3, 300)


def test_ratios_are_to_the_lower_of_pytorchs_two():
    ours, refused, plain, compiled, forward, _ = make_records(make_measured())

    assert ours["ms_per_example_ratio"] == pytest.approx(0.8)
    assert ours["peak_mib_ratio"] == pytest.approx(0.75)
    assert (plain["peak_mib_ratio"], compiled["ms_per_example_ratio"]) == (1, 1)
    assert refused["ms_per_example"] is refused["peak_mib_ratio"] is None
    assert (forward["ms_per_example_ratio"], forward["peak_mib_ratio"]) == (0.5, 0.25)


def test_where_pytorch_holds_nothing_there_is_no_ratio():
    nothing = Measured("text", "train", 2, "pytorch", (0.4,), 1.0, 0, 3e-6)
    records = make_records([make_measured()[0], nothing])

    assert records[0]["peak_mib_ratio"] is None
    assert format_table(records).splitlines()[3].split()[4:] == ["300", "-", "9.0"]


def test_the_table_has_a_block_for_each_part_and_mode():
    lines = format_table(make_records(make_measured())).splitlines()

    assert lines[0] == "text, training step, batch 2 (outputs agree to 3e-06)"
    assert lines[1].split()[:3] == ["ms/example", "spread", "ratio"]
    assert lines[3].split() == ["mmtf", "100.0", "25.0%", "0.80", "300", "0.75", "9.0"]
    assert lines[4] == "mmtf, XLA             not built so"
    assert lines[8].startswith("text, forward pass, batch 2")
    assert len(lines[3]) == len(lines[2])


def test_the_last_lines_name_the_machine_and_the_libraries():
    machine = {"cpu": "Z80", "cores": 1, "python": "3.11.2", "tensorflow": "2.21.0"}
    libraries = dict.fromkeys(("keras", "keras_hub", "torch", "transformers"), "9.9")

    assert format_versions(machine, libraries) == (
        "Z80, 1 cores, Python 3.11.2, TensorFlow 2.21.0,\n"
        "Keras 9.9, keras-hub 9.9, PyTorch 9.9, transformers 9.9"
    )

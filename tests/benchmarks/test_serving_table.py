from benchmarks.load import Measurement
from benchmarks.serving_table import SESSION, Cell, format_table, make_records


def make_cells():
    return [
        Cell("8 clients", SESSION, 1, Measurement([0.010] * 10, 1.0)),
        Cell("8 clients", "gRPC", 1, Measurement([0.020] * 8, 1.0)),
        Cell("8 clients", "gRPC, batching", 1, Measurement([0.015] * 30, 1.0), "batch"),
        Cell("8 clients", "batch", 8, Measurement([0.040] * 5, 1.0, 2)),
    ]


def test_ratios_are_to_the_session_or_to_its_batches():
    session, grpc, batching, batch = make_records(make_cells())

    assert (session["p50_ratio"], session["rows_per_second_ratio"]) == (1.0, 1.0)
    assert (grpc["p50_ratio"], grpc["rows_per_second_ratio"]) == (2.0, 0.8)
    assert (batching["p50_ratio"], batching["rows_per_second_ratio"]) == (1.5, 0.75)
    assert (batch["rows_per_second"], batch["rows_per_second_ratio"]) == (40.0, 4.0)
    assert grpc["p99_ms"] == 20.0
    assert batch["missed"] == 2


def test_the_table_has_a_block_for_each_load():
    lines = format_table(make_records(make_cells())).splitlines()

    assert lines[0].split()[:4] == ["8", "clients", "p50", "ms"]
    grpc = "gRPC              20.00    20.00    20.00      8.0     2.00     0.80"
    assert lines[3] == grpc
    assert lines[5].endswith("(2 missed)")

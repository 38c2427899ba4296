import json

import pytest

from benchmarks.machine import describe_machine, format_machine
from benchmarks.server_process import ServerProcess
from benchmarks.serving import main
from benchmarks.serving_bench import Settings
from tests.export.serve.sure_model import write_sure_model


def test_the_machine_is_described():
    machine = describe_machine()

    assert machine["cores"] >= 1
    assert f"TensorFlow {machine['tensorflow']}" in format_machine(machine)


def test_a_server_that_does_not_start_says_why(tmp_path):
    with pytest.raises(RuntimeError, match="MODELS/NAME with a numbered version"):
        ServerProcess(str(tmp_path))


@pytest.mark.large
def test_everything_is_measured(tmp_path, capsys):
    model, out = write_sure_model(tmp_path / "sure"), tmp_path / "measured.json"
    settings = Settings(seconds=0.2, rounds=1, clients=(2,), rates=(20.0,))

    main(model, settings, str(out))

    report = json.loads(out.read_text())
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[-1] == format_machine(report["machine"])
    targets = ["session", "gRPC", "REST", "gRPC, batching", "REST, batching"]
    for load in ("2 clients", "20 requests/s"):
        found = [r for r in report["measured"] if r["load"] == load]
        assert [r["target"] for r in found][:5] == targets
        assert all(r["p50_ms"] > 0 and r["rows_per_second"] > 0 for r in found)

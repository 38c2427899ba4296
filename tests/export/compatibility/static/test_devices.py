import pytest

from export.compatibility.static.devices import find


@pytest.mark.parametrize(
    "device",
    [
        "",
        "/cpu:0",
        "/device:CPU:*",
        "/job:localhost/replica:0/task:0/device:CPU:0",
        "/device:XLA_CPU:0",
    ],
)
def test_cpus_pass(place, servers, device):
    assert list(find([place("Relu", device=device)], servers)) == []


@pytest.mark.parametrize(
    "device",
    [
        "/gpu:1",
        "/GPU:0",
        "/device:GPU:*",
        "/job:worker/replica:0/task:0/device:TPU:3",
    ],
)
def test_other_devices_are_found(place, servers, device):
    in_graph, in_function = find(
        [place("Relu", device=device, function=""), place("Relu", device=device)],
        servers,
    )
    assert f"tied to {device}, which a server" in in_graph.problem
    assert (in_graph.fatal, in_function.fatal) == (True, False)


def test_what_never_runs_does_not_matter(place, servers):
    assert list(find([place("Relu", device="/gpu:0", runs=False)], servers)) == []

from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from export.serve.metrics import OTHER_MODELS, Metrics

REQUESTS = ":tensorflow:serving:request_count"


@pytest.fixture
def metrics():
    return Metrics(lambda: ["m", 'odd "name"\\'])


def read(metrics):
    """The value of each sample, by its name and labels."""
    # The parser ends the names of counters in `_total`, as if they had been so.
    text = metrics.text()
    return {
        (exact_name(sample.name, text), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def exact_name(name, text):
    return name if f"\n{name}{{" in text else name.removesuffix("_total")


def test_requests_are_counted_by_outcome_and_timed_if_they_went_well(metrics):
    for status, seconds in (("OK", 0.002), ("OK", 0.0005), ("NOT_FOUND", 1.0)):
        metrics.observe_request("GRPC", "Predict", "m", status, seconds)

    found = read(metrics)
    latency = ":tensorflow:serving:request_latency"
    assert found[REQUESTS, "m", "OK"] == 2
    assert found[REQUESTS, "m", "NOT_FOUND"] == 1
    assert found[f"{latency}_count", "m", "Predict", "GRPC"] == 2
    assert found[f"{latency}_sum", "m", "Predict", "GRPC"] == pytest.approx(2500)
    # Limits are the server's, 10 * 1.8^n microseconds, in six digits.
    assert found[f"{latency}_bucket", "m", "Predict", "GRPC", "612.22"] == 1
    assert found[f"{latency}_bucket", "m", "Predict", "GRPC", "1983.59"] == 1
    assert found[f"{latency}_bucket", "m", "Predict", "GRPC", "3570.47"] == 2


def test_names_and_label_order_are_the_servers(metrics):
    metrics.observe_request("REST", "predict", "m", "OK", 0.001)

    text = metrics.text()

    assert f'\n{REQUESTS}{{model_name="m",status="OK"}} 1\n' in text
    labels = '{model_name="m",API="predict",entrypoint="REST"} 1000\n'
    assert f"\n:tensorflow:serving:request_latency_sum{labels}" in text
    assert f"# TYPE {REQUESTS} counter\n" in text
    assert "_created" not in text
    assert "request_count_total" not in text


def test_hostile_clients_cannot_make_the_page_grow(metrics):
    metrics.observe_request("REST", "predict", "no0", "NOT_FOUND", 0.001)
    before = metrics.text().count("\n")
    for number in range(1000):
        name = f"no{number}"
        metrics.observe_request("REST", "predict", name, "NOT_FOUND", 0.001)

    assert read(metrics)[REQUESTS, OTHER_MODELS, "NOT_FOUND"] == 1001
    assert metrics.text().count("\n") == before


def test_labels_are_escaped(metrics):
    metrics.observe_request("REST", "", 'odd "name"\\', "UNKNOWN", 0.001)

    assert read(metrics)[REQUESTS, 'odd "name"\\', "UNKNOWN"] == 1


def test_loading_and_computing_are_measured(metrics):
    metrics.observe_load("/models/m/1", True, 2.0)
    metrics.observe_load("/models/m/2", False, 1.0)
    metrics.observe_warmup("/models/m/1", "OK", 0.5)
    metrics.observe_run("m", "Predict", 0.25)
    metrics.observe_batch(8)
    metrics.observe_batch(4)

    found = read(metrics)
    loads = ":tensorflow:cc:saved_model:load_"
    assert found[f"{loads}attempt_count", "/models/m/1", "success"] == 1
    assert found[f"{loads}attempt_count", "/models/m/2", "fail"] == 1
    assert found[f"{loads}latency", "/models/m/1"] == 2e6
    warmup = ":tensorflow:serving:model_warmup_latency_sum"
    assert found[warmup, "/models/m/1", "OK"] == 5e5
    run = ":tensorflow:serving:runtime_latency_sum"
    assert found[run, "m", "Predict", "TF1"] == 2.5e5
    batching = ":tensorflow:serving:batching_session:"
    assert found[f"{batching}wrapped_run_count",] == 2
    assert found[f"{batching}processed_batch_size_sum",] == 12


def test_the_process_is_measured(metrics):
    found = read(metrics)

    assert found["process_resident_memory_bytes",] > 1e6
    assert found["process_cpu_seconds_total",] > 0


def test_two_servers_count_apart(metrics):
    metrics.observe_request("REST", "predict", "m", "OK", 0.001)

    assert (REQUESTS, "m", "OK") not in read(Metrics(lambda: ["m"]))


def test_threads_do_not_lose_counts(metrics):
    def observe(_):
        for _ in range(200):
            metrics.observe_request("GRPC", "Predict", "m", "OK", 0.001)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(observe, range(8)))

    assert read(metrics)[REQUESTS, "m", "OK"] == 1600

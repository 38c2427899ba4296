"""What the server counts and times, under TensorFlow Serving's own names.

Dashboards and alerts that were made for the server read this page too. Times are in
microseconds, as there. Sources: servables/tensorflow/util.cc, batching_session.cc and
prometheus_exporter.cc of TensorFlow Serving, cc/saved_model/loader.cc of TensorFlow.
"""

from collections.abc import Callable, Container, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.utils import floatToGoString

DEFAULT_PATH = "/monitoring/prometheus/metrics"
OTHER_MODELS = "(other)"
_SERVING = ":tensorflow:serving:"
_BATCHING = ":tensorflow:serving:batching_session:"
_LOADING = ":tensorflow:cc:saved_model:"
# From 10 microseconds to about 20 minutes.
_MICROSECONDS = tuple(10 * 1.8**power for power in range(33))
_ROWS = tuple(float(2**power) for power in range(15))
_PREDICTING = ("model_name", "API")


class Metrics:
    """One server's metrics, and those of its process; thread-safe.

    Args:
        known_models: gives the names of the models that are served. Requests for any
            other are counted together, as clients may ask for as many names as they
            like.
    """

    def __init__(self, known_models: Callable[[], Container[str]]):
        self._known_models = known_models
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        count, time = self._counter, self._histogram
        self._requests = count(f"{_SERVING}request_count", "model_name", "status")
        self._latencies = time(f"{_SERVING}request_latency", *_PREDICTING, "entrypoint")
        self._runs = time(f"{_SERVING}runtime_latency", *_PREDICTING, "runtime")
        self._loads = count(f"{_LOADING}load_attempt_count", "model_path", "status")
        self._load_times = count(f"{_LOADING}load_latency", "model_path")
        self._warmups = time(f"{_SERVING}model_warmup_latency", "model_path", "status")
        self._batches = count(f"{_BATCHING}wrapped_run_count")
        self._batch_sizes = time(f"{_BATCHING}processed_batch_size", buckets=_ROWS)

    def observe_request(
        self, entrypoint: str, api: str, model_name: str, status: str, seconds: float
    ) -> None:
        """A request was answered.

        Args:
            entrypoint: `GRPC` or `REST`.
            api: the method, such as `Predict` for gRPC, `predict` for REST.
            model_name: as the client wrote it.
            status: a Code's name; only what went well is timed.
            seconds: from the request's arrival to its answer.
        """
        name = self._bounded(model_name)
        self._requests.labels(name, status).inc()
        if status == "OK":
            self._latencies.labels(name, api, entrypoint).observe(1e6 * seconds)

    def observe_run(self, model_name: str, api: str, seconds: float) -> None:
        """A request's computation, its wait for a batch included, went well."""
        name = self._bounded(model_name)
        self._runs.labels(name, api, "TF1").observe(1e6 * seconds)

    def observe_load(self, folder: str, ok: bool, seconds: float) -> None:
        """A version was loaded, or could not be."""
        self._loads.labels(folder, "success" if ok else "fail").inc()
        if ok:
            self._load_times.labels(folder).inc(1e6 * seconds)

    def observe_warmup(self, folder: str, status: str, seconds: float) -> None:
        """A version was warmed up; `status` is a Code's name."""
        self._warmups.labels(folder, status).observe(1e6 * seconds)

    def observe_batch(self, num_rows: int) -> None:
        """A batch was run; its rows, padding included."""
        self._batches.inc()
        self._batch_sizes.observe(num_rows)

    def text(self) -> str:
        """All of it in Prometheus's text format."""
        return "".join(
            f"{line}\n"
            for family in self._registry.collect()
            for line in _write(family)
        )

    def _bounded(self, model_name):
        if not model_name or model_name in self._known_models():
            return model_name
        return OTHER_MODELS

    def _counter(self, name, *labels):
        return Counter(name, _HELP[name], labels, registry=self._registry)

    def _histogram(self, name, *labels, buckets=_MICROSECONDS):
        help_text = _HELP[name]
        return Histogram(
            name, help_text, labels, registry=self._registry, buckets=buckets
        )


_HELP = {
    f"{_SERVING}request_count": "Requests, by outcome.",
    f"{_SERVING}request_latency": "Microseconds from a request to its answer.",
    f"{_SERVING}runtime_latency": "Microseconds of computation, by request.",
    f"{_LOADING}load_attempt_count": "Versions loaded or tried to load.",
    f"{_LOADING}load_latency": "Microseconds it took to load a version.",
    f"{_SERVING}model_warmup_latency": "Microseconds it took to warm a version up.",
    f"{_BATCHING}wrapped_run_count": "Batches run.",
    f"{_BATCHING}processed_batch_size": "Rows of a batch, padding included.",
}


def _write(family) -> Iterator[str]:
    # Not by prometheus_client.generate_latest, which ends the names of counters in
    # `_total`, puts labels in order of the alphabet, and adds creation times.
    counted = f"{family.name}_total"
    name = (
        counted
        if family.type == "counter" and family.name not in _HELP
        else (family.name)
    )
    yield f"# HELP {name} {family.documentation}"
    yield f"# TYPE {name} {family.type}"
    for sample in family.samples:
        if sample.name.endswith("_created"):
            continue
        sample_name = name if sample.name == counted else sample.name
        labels = ",".join(_write_label(*label) for label in sample.labels.items())
        yield f"{sample_name}{{{labels}}} {_write_number(sample.value)}"


def _write_label(name, value):
    if name == "le" and value != "+Inf":
        value = f"{float(value):.6g}"
    value = value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    return f'{name}="{value}"'


def _write_number(value):
    value = float(value)
    return str(int(value)) if value.is_integer() else floatToGoString(value)

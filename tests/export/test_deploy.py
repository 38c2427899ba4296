"""The files for production, tried on the local server: no container runs here."""

import pathlib
import re
import shutil
import subprocess
import threading
import urllib.request
from dataclasses import fields

import pytest
import yaml

from export.protocol import (
    BatchingParameters,
    ModelServerConfig,
    ModelSpec,
    MonitoringConfig,
)
from export.serve.batch_options import read_batch_options
from export.serve.config import check_config, read_text_proto
from export.serve.models import State
from export.serve.options import ServerOptions
from export.serve.server import Server, start

DEPLOY = pathlib.Path(__file__).parents[2] / "export" / "deploy"
KINDS = {
    "models": ModelServerConfig,
    "batching": BatchingParameters,
    "monitoring": MonitoringConfig,
}


def compose():
    text = (DEPLOY / "docker-compose.yml").read_text()
    # As compose fills in variables that are not set.
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    return yaml.safe_load(text)["services"]["serving"]


def kubernetes():
    documents = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    return {document["kind"]: document for document in documents}


def container():
    (container,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.parametrize(
    "flags", [compose()["command"], container()["args"]], ids=["compose", "kubernetes"]
)
def test_its_flags_are_those_of_the_local_server(flags):
    known = {field.name for field in fields(ServerOptions)}
    assert {flag.removeprefix("--").partition("=")[0] for flag in flags} <= known


@pytest.mark.parametrize("kind", KINDS)
def test_the_server_reads_the_files(kind, tmp_path):
    inline = tmp_path / "inline.pbtxt"
    inline.write_text(kubernetes()["ConfigMap"]["data"][f"{kind}.pbtxt"])
    for path in (DEPLOY / f"{kind}.pbtxt", inline):
        message = read_text_proto(str(path), KINDS[kind])
        if kind == "models":
            check_config(message, ModelServerConfig())
        elif kind == "batching":
            assert read_batch_options(message).allowed_sizes[-1] == 32
        else:
            assert message.prometheus_config.enable


def test_every_file_that_a_flag_names_is_mounted():
    targets = {volume.rsplit(":", 2)[1] for volume in compose()["volumes"]}
    named = re.findall(r"=(/config/\S+)", " ".join(compose()["command"]))
    assert named
    assert set(named) <= targets
    named = re.findall(r"=/config/(\S+)", " ".join(container()["args"]))
    assert set(named) == set(kubernetes()["ConfigMap"]["data"])


def compose_flags():
    """The options that compose's flags stand for, but for folders and ports."""
    flags = {}
    for flag in compose()["command"]:
        name, _, value = flag.removeprefix("--").partition("=")
        value = value.replace("/config/", f"{DEPLOY}/")
        flags[name] = {"true": True, "false": False}.get(value, value)
    for name in ("port", "rest_api_port", "model_base_path"):
        del flags[name]
    return flags


def test_the_local_server_starts_as_compose_does(arithmetic_folder):
    server = start(arithmetic_folder, **compose_flags())
    try:
        command = compose()["healthcheck"]["test"]
        assert command[0] == "CMD"
        script = command[-1].replace("8501", str(server.rest_port))
        assert subprocess.run([*command[1:-1], script], timeout=60).returncode == 0
        path = container()["readinessProbe"]["httpGet"]["path"]
        address = f"http://127.0.0.1:{server.rest_port}"
        for url in (path, "/monitoring/prometheus/metrics"):
            with urllib.request.urlopen(f"{address}{url}", timeout=60) as answer:
                assert answer.status == 200
    finally:
        server.stop()
    assert subprocess.run([*command[1:-1], script], timeout=60).returncode != 0


def test_the_local_server_starts_with_the_models_file(arithmetic_folder, tmp_path):
    for version in ("1", "2"):
        shutil.copytree(f"{arithmetic_folder}/1", tmp_path / "demo" / version)
    text = (DEPLOY / "models.pbtxt").read_text().replace("/models", str(tmp_path))
    (tmp_path / "models.pbtxt").write_text(text)
    server = Server(
        ServerOptions(
            model_config_file=str(tmp_path / "models.pbtxt"),
            port=0,
            rest_api_port=-1,
            allow_version_labels_for_unavailable_models=True,
        )
    )
    server.start()
    try:
        # It listens as soon as one version of a model is there.
        waiting = threading.Event()
        for _ in range(1200):
            states = {v.state for v in server.manager.models.versions("demo")}
            if states == {State.AVAILABLE}:
                break
            waiting.wait(0.05)
        spec = ModelSpec(name="demo", version_label="stable")
        with server.manager.models.use(spec) as servable:
            assert servable.version == 1
    finally:
        server.stop()

"""The files for production, tried on the local server: no container runs here."""

import pathlib
import re
import shutil
import subprocess
from dataclasses import fields

import pytest
import yaml

from export.protocol import BatchingParameters, ModelServerConfig, MonitoringConfig
from export.serve.batch_options import read_batch_options
from export.serve.config import check_config, read_text_proto
from export.serve.options import ServerOptions
from export.serve.server import start

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


def test_the_health_checks_pass_on_a_server(arithmetic_folder):
    server = start(arithmetic_folder, model_name="demo")
    try:
        command = compose()["healthcheck"]["test"]
        assert command[0] == "CMD"
        script = command[-1].replace("8501", str(server.rest_port))
        assert subprocess.run([*command[1:-1], script], timeout=60).returncode == 0
        path = container()["readinessProbe"]["httpGet"]["path"]
        address = f"http://127.0.0.1:{server.rest_port}{path}"
        if shutil.which("curl"):
            assert subprocess.run(["curl", "-sf", address]).returncode == 0
    finally:
        server.stop()
    assert subprocess.run([*command[1:-1], script], timeout=60).returncode != 0

import pytest

from export.protocol import BatchingParameters, ModelServerConfig, MonitoringConfig
from export.runtime import Code, StatusError
from export.serve.config import check_config, read_text_proto, single_model_config
from tests.export.serve.conftest import make_config

EMPTY = ModelServerConfig()

TEXT = """
model_config_list {
  config {
    name: "m"
    base_path: "/models/m"
    model_platform: "tensorflow"
    model_version_policy { specific { versions: 1 versions: 2 } }
    version_labels { key: "stable" value: 1 }
  }
}
"""


def write(tmp_path, text):
    path = tmp_path / "file.config"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_model_config_file_is_read(tmp_path):
    config = read_text_proto(write(tmp_path, TEXT), ModelServerConfig)

    (model,) = config.model_config_list.config
    assert (model.name, model.base_path) == ("m", "/models/m")
    assert list(model.model_version_policy.specific.versions) == [1, 2]
    assert dict(model.version_labels) == {"stable": 1}
    check_config(config, EMPTY)


def test_other_files_of_the_server_are_read(tmp_path):
    batching = write(tmp_path, "max_batch_size { value: 32 }\nallowed_batch_sizes: 32")
    assert read_text_proto(batching, BatchingParameters).max_batch_size.value == 32

    monitoring = write(tmp_path, "prometheus_config { enable: true path: '/x' }")
    assert read_text_proto(monitoring, MonitoringConfig).prometheus_config.path == "/x"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "1:1 : .* no field named .*nonsense"),
        ("model_config_list { name: 1 }", "1:21 : .* no field named .*name"),
        (b"\xff\xfe", "can't decode"),
    ],
)
def test_point_27_a_bad_file_is_refused(tmp_path, text, reason):
    path = write(tmp_path, text)

    with pytest.raises(StatusError, match=reason) as raised:
        read_text_proto(path, ModelServerConfig)

    assert raised.value.code == Code.INVALID_ARGUMENT
    assert raised.value.message.startswith(
        f"Invalid protobuf file: '{path}'. Error parsing text-format "
        "tensorflow.serving.ModelServerConfig: "
    )


def test_a_missing_file_is_refused(tmp_path):
    path = str(tmp_path / "missing")

    with pytest.raises(StatusError, match=f"^NOT_FOUND: {path}; No such file"):
        read_text_proto(path, ModelServerConfig)


def test_a_single_model_is_a_configuration_too():
    config = single_model_config("m", "/models/m")

    assert config == make_config({"m": "/models/m"})
    check_config(config, EMPTY)


def test_the_deprecated_type_stands_for_the_platform():
    config = make_config({"m": "/m"}, model_type="TENSORFLOW")
    config.model_config_list.config[0].ClearField("model_platform")

    check_config(config, make_config({"m": "/m"}))


CUSTOM = ModelServerConfig()
CUSTOM.custom_model_config.SetInParent()
TWICE = make_config({"m": "/a"})
TWICE.MergeFrom(TWICE)
OTHER = make_config({"m": "/a"})
OTHER.model_config_list.config[0].model_platform = "other"
NEITHER = make_config({"m": "/a"})
NEITHER.model_config_list.config[0].model_platform = ""
INVALID = Code.INVALID_ARGUMENT
REFUSED = {
    "Point 26, a relative path": (
        make_config({"m": "models/m"}),
        EMPTY,
        INVALID,
        "Expected model m to have an absolute path or URI; got base_path()=models/m",
    ),
    "no path": (
        make_config({"m": ""}),
        EMPTY,
        INVALID,
        "Expected model m to have an absolute path or URI; got base_path()=",
    ),
    "Point 30, a name twice": (
        TWICE,
        EMPTY,
        INVALID,
        "Illegal to list model m multiple times in config list",
    ),
    "Point 30, another platform": (
        OTHER,
        make_config({"m": "/a"}),
        INVALID,
        "Illegal to change a model's platform. For model m platform was tensorflow "
        "and new platform requested is other",
    ),
    "an unknown platform": (
        OTHER,
        EMPTY,
        INVALID,
        "Model m requests unsupported platform other",
    ),
    "no platform": (
        NEITHER,
        EMPTY,
        INVALID,
        "Illegal setting neither ModelServerConfig::model_type (deprecated) nor "
        "ModelServerConfig::model_platform.",
    ),
    "two platforms": (
        make_config({"m": "/a"}, model_type="TENSORFLOW"),
        EMPTY,
        INVALID,
        "Illegal setting both ModelServerConfig::model_type (deprecated) and "
        "ModelServerConfig::model_platform.",
    ),
    "a custom configuration": (
        CUSTOM,
        EMPTY,
        Code.UNIMPLEMENTED,
        "ModelServer does not yet support custom model config.",
    ),
    "a custom configuration after a list": (
        CUSTOM,
        make_config({}),
        Code.FAILED_PRECONDITION,
        "Cannot transition to requested config. It is only legal to transition from "
        "one ModelConfigList to another.",
    ),
    "a bucket": (
        make_config({"m": "gs://bucket/m"}),
        EMPTY,
        Code.UNIMPLEMENTED,
        "A base path must be a folder of this machine; the server for production "
        "opens URIs, this one does not. Received: gs://bucket/m, for model m.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_served_is_refused(case):
    config, previous, code, message = REFUSED[case]

    with pytest.raises(StatusError) as raised:
        check_config(config, previous)

    assert (raised.value.code, raised.value.message) == (code, message)

"""The server's text-format files, and what a ModelServerConfig may say.

The checks and their words are those of tensorflow_serving/model_servers/server.cc
and server_core.cc.
"""

import re
from typing import TypeVar

from google.protobuf import text_format
from google.protobuf.message import Message

from export.protocol import POOL, ModelServerConfig, ModelType
from export.runtime.status import Code, StatusError

PLATFORM = "tensorflow"

_ABSOLUTE = re.compile(r"[a-zA-Z][0-9a-zA-Z.]*://|/")
_M = TypeVar("_M", bound=Message)


def read_text_proto(path: str, message_class: type[_M]) -> _M:
    """Reads a protocol buffer's text format.

    Args:
        path: a file such as `--model_config_file` names.
        message_class: what is in it: a ModelServerConfig, a MonitoringConfig, ...

    Raises:
        StatusError: NOT_FOUND without such a file, INVALID_ARGUMENT when it holds
            something else.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        return text_format.Parse(text, message_class(), descriptor_pool=POOL)
    except OSError as error:
        raise StatusError(Code.NOT_FOUND, f"{path}; {error.strerror}") from error
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            f"Invalid protobuf file: '{path}'. Error parsing text-format "
            f"{message_class.DESCRIPTOR.full_name}: {error}",
        ) from error


def single_model_config(name: str, base_path: str) -> ModelServerConfig:
    """The configuration that `--model_name` and `--model_base_path` stand for."""
    config = ModelServerConfig()
    config.model_config_list.config.add(
        name=name, base_path=base_path, model_platform=PLATFORM
    )
    return config


def check_config(config: ModelServerConfig, previous: ModelServerConfig) -> None:
    """Refuses a configuration that cannot be served, or not after the present one.

    Args:
        config: the one to come.
        previous: the present one; empty at the start.

    Raises:
        StatusError: with the server's code and words.
    """
    _check_kind(config, previous)
    names = set()
    for model in config.model_config_list.config:
        if model.name in names:
            raise _invalid(
                f"Illegal to list model {model.name} multiple times in config list"
            )
        names.add(model.name)
    for model in config.model_config_list.config:
        _check_base_path(model)
    old = {m.name: platform_of(m) for m in previous.model_config_list.config}
    for model in config.model_config_list.config:
        _check_platform(model, old.get(model.name))


def platform_of(model) -> str:
    """The platform that a ModelConfig asks for.

    Raises:
        StatusError: it names none, or two.
    """
    if model.model_type == ModelType.MODEL_TYPE_UNSPECIFIED:
        if not model.model_platform:
            raise _invalid(
                "Illegal setting neither ModelServerConfig::model_type (deprecated) "
                "nor ModelServerConfig::model_platform."
            )
        return model.model_platform
    if model.model_platform:
        raise _invalid(
            "Illegal setting both ModelServerConfig::model_type (deprecated) and "
            "ModelServerConfig::model_platform."
        )
    if model.model_type != ModelType.TENSORFLOW:
        raise _invalid(
            f"ModelServerConfig::model_type choice {model.model_type} not supported."
        )
    return PLATFORM


def _check_kind(config, previous):
    kind = config.WhichOneof("config")
    if previous.WhichOneof("config") and kind != "model_config_list":
        raise StatusError(
            Code.FAILED_PRECONDITION,
            "Cannot transition to requested config. It is only legal to transition "
            "from one ModelConfigList to another.",
        )
    if kind == "custom_model_config":
        message = "ModelServer does not yet support custom model config."
        raise StatusError(Code.UNIMPLEMENTED, message)


def _check_base_path(model):
    if not _ABSOLUTE.match(model.base_path):
        raise _invalid(
            f"Expected model {model.name} to have an absolute path or URI; got "
            f"base_path()={model.base_path}"
        )
    if "://" in model.base_path and not model.base_path.startswith("/"):
        raise StatusError(
            Code.UNIMPLEMENTED,
            "A base path must be a folder of this machine; the server for production "
            f"opens URIs, this one does not. Received: {model.base_path}, for model "
            f"{model.name}.",
        )


def _check_platform(model, old):
    platform = platform_of(model)
    if old is not None and platform != old:
        raise _invalid(
            f"Illegal to change a model's platform. For model {model.name} platform "
            f"was {old} and new platform requested is {platform}"
        )
    if platform != PLATFORM:
        raise _invalid(f"Model {model.name} requests unsupported platform {platform}")


def _invalid(message):
    return StatusError(Code.INVALID_ARGUMENT, message)

"""The configuration, and the software that the page was made with."""

import dataclasses
import importlib.metadata
import platform

from mmtf.config import Config
from mmtf.version import __version__

_PACKAGES = ("tensorflow", "keras", "keras-hub", "numpy", "scikit-learn")


def describe(config: Config) -> dict:
    """`options`, by section, and `versions`."""
    return {
        "options": [
            (section, list(options(part).items()))
            for section, part in _sections(config).items()
        ],
        "versions": _versions(),
    }


def _sections(config: Config) -> dict:
    """Parts of a configuration under readable names."""
    whole = dataclasses.asdict(config)
    model = whole["model"]
    return {
        "text": model.pop("text"),
        "image": model.pop("image"),
        "audio": model.pop("audio"),
        "fusion and head": model,
        "training": whole["train"],
        "input pipeline": whole["data"],
    }


def options(values: dict, prefix: str = "") -> dict[str, str]:
    """Nested options as `train.batch_size: 32`, in their order."""
    flat = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= options(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _show(value)
    return flat


def _show(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "none"


def _versions() -> list[tuple[str, str]]:
    """Name and version of what matters to a run."""
    return [
        ("mmtf", __version__),
        ("Python", platform.python_version()),
        *((name, _version(name)) for name in _PACKAGES),
        ("platform", f"{platform.system()} {platform.machine()}"),
    ]


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"

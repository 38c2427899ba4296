"""What a measurement was made on."""

import os
import platform
from importlib.metadata import version


def describe_machine() -> dict:
    """The processor, its cores, and the versions that matter."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
    }


def format_machine(machine: dict) -> str:
    """The same on one line."""
    return (
        f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}, "
        f"TensorFlow {machine['tensorflow']}"
    )


def _cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line for line in file if line.startswith("model name")]
        return names[0].partition(":")[2].strip()
    except (OSError, IndexError):
        return platform.processor() or platform.machine()

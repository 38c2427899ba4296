"""Imports run one way: layers -> encoders, fusion -> model -> the rest, in which
evaluation -> report -> explain."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parent.parent
JOINING = ("mmtf/cli/", "mmtf/__main__.py")
# What a folder or file may import of this project, beside itself. `mmtf` alone
# stands for the package's root, which imports nothing by itself.
CONTRACT = {"mmtf.config", "mmtf.features", "mmtf.errors"}
BASE = CONTRACT | {"mmtf.version"}
ALLOWED = {
    "mmtf/layers": BASE,
    "mmtf/encoders": BASE | {"mmtf.layers"},
    "mmtf/fusion": BASE | {"mmtf.layers"},
    "mmtf/distribution.py": BASE,
    "mmtf/precision.py": BASE,
    "mmtf/run.py": BASE
    | {"mmtf.layers", "mmtf.encoders", "mmtf.fusion", "mmtf.precision"},
    "mmtf/run_copy.py": BASE | {"mmtf.run"},
    "mmtf/training_record.py": BASE | {"mmtf.run"},
    "mmtf/model.py": BASE
    | {"mmtf.layers", "mmtf.encoders", "mmtf.fusion", "mmtf.distribution"},
    "mmtf/model_parts.py": BASE | {"mmtf.model", "mmtf.distribution"},
    "mmtf/optimizers.py": BASE,
    "mmtf/memory.py": BASE,
    "mmtf/machine.py": BASE,
    "mmtf/training.py": BASE
    | {
        "mmtf.model",
        "mmtf.model_parts",
        "mmtf.distribution",
        "mmtf.memory",
        "mmtf.optimizers",
        "mmtf.precision",
        "mmtf.run",
    },
    "mmtf/evaluation": BASE | {"mmtf.model", "mmtf.model_parts"},
    "mmtf/report": BASE | {"mmtf.evaluation", "mmtf.run"},
    "mmtf/explain": BASE | {"mmtf.model", "mmtf.run", "mmtf.evaluation", "mmtf.report"},
    "pipelines": CONTRACT,
    "export": {"mmtf", "pipelines"},
    "export/protocol": CONTRACT,
    "export/runtime": CONTRACT | {"export.protocol"},
    "export/compatibility": CONTRACT
    | {"export.protocol", "export.runtime", "export.versions"},
    "export/serve": CONTRACT | {"export.protocol", "export.runtime", "export.versions"},
    "export/client": CONTRACT
    | {"export.protocol", "pipelines.manifest", "pipelines.media", "pipelines.tables"},
}


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in (
            "mmtf", "pipelines", "export",
        ):  # fmt: skip
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def within(name, packages):
    return any(name == p or name.startswith(p + ".") for p in packages)


@pytest.mark.parametrize("place", ALLOWED)
def test_a_folder_imports_only_what_it_may(place):
    files = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
    own = place.removesuffix(".py").replace("/", ".")
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported_names(path)
        if within(name, {"mmtf", "pipelines", "export"})
        and not within(name, ALLOWED[place] | {own})
    ]
    assert not wrong


def test_only_the_command_line_joins_the_packages():
    joining = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "mmtf").rglob("*.py")
        if any(within(n, {"pipelines", "export"}) for n in imported_names(path))
    }
    assert joining
    assert all(name.startswith(JOINING) for name in joining)


def test_every_source_file_is_governed():
    ungoverned = ("mmtf/presets.py", "mmtf/config.py", "mmtf/features.py",
                  "mmtf/errors.py", "mmtf/version.py", "mmtf/__init__.py",
                  *JOINING)  # fmt: skip
    for package in ("mmtf", "pipelines", "export"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            assert name.startswith(ungoverned) or any(
                name == place or name.startswith(place + "/") for place in ALLOWED
            ), f"say in this test what {name} may import"

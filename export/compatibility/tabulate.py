"""Registries of several releases to one table of what came with which."""

import json
from dataclasses import dataclass
from pathlib import Path

from export.protocol import DataType, KernelList, OpList

# Has no kernel, but a pass over the graph replaces it before it would need one
# (tensorflow/core/common_runtime/accumulate_n_optimizer.cc).
_REPLACED = {"AccumulateNV2"}


@dataclass(frozen=True)
class Registry:
    """What one TensorFlow has: its ops and its kernels."""

    ops: OpList
    kernels: KernelList

    def attributes(self) -> dict[str, list[str]]:
        """Names of attributes by op; without ops that only TensorFlow itself uses."""
        return {
            op.name: sorted(attribute.name for attribute in op.attr)
            for op in self.ops.op
            if not op.name.startswith("_")
        }

    def cpu_kernels(self) -> dict[str, list]:
        """The kernels that run on a CPU, by op."""
        kernels = {}
        for kernel in self.kernels.kernel:
            if kernel.device_type in ("CPU", "DEFAULT"):
                kernels.setdefault(kernel.op, []).append(kernel)
        return kernels

    def cpu_types(self) -> dict[str, set[int] | None]:
        """The types that some CPU kernel takes, by `op.attribute`; None for all."""
        kernels = self.cpu_kernels()
        return {
            f"{op.name}.{attribute.name}": _types(attribute, kernels.get(op.name, []))
            for op in self.ops.op
            for attribute in op.attr
            if attribute.type in ("type", "list(type)") and not op.name.startswith("_")
        }


def tabulate(registries: dict[str, Registry]) -> dict:
    """Makes the table.

    Args:
        registries: by release, the oldest first.

    Returns:
        `measured`: the releases; `ops`: every op of any of them, with the names of
        its attributes; `no_cpu_kernel`: ops that the last release has no kernel
        for; `added` and `removed`: by release, what it has and the one before had
        not, and the reverse.
    """
    releases = list(registries)
    ops = {}
    for registry in registries.values():
        for op, attributes in registry.attributes().items():
            ops[op] = sorted({*ops.get(op, []), *attributes})
    last = registries[releases[-1]]
    changes = {
        _minor(newer): _changes(registries[older], registries[newer])
        for older, newer in zip(releases, releases[1:], strict=False)
    }
    kernels = last.cpu_kernels().keys() | _REPLACED
    return {
        "measured": releases,
        "no_cpu_kernel": sorted(last.attributes().keys() - kernels),
        "added": {release: added for release, (added, _) in changes.items()},
        "removed": {release: removed for release, (_, removed) in changes.items()},
        "ops": {op: " ".join(ops[op]) for op in sorted(ops)},
    }


def write_table(table: dict, path: Path) -> None:
    """Writes a table as JSON, an op or a release a line, so that a diff can be read."""
    fields = [f" {json.dumps(key)}: {_lines(value)}" for key, value in table.items()]
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n", encoding="utf-8")


def _lines(value):
    if not isinstance(value, dict):
        return json.dumps(value)
    lines = [f"  {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items()]
    return "{\n" + ",\n".join(lines) + "\n }"


def _changes(older, newer):
    before, after = older.attributes(), newer.attributes()
    attributes = {
        op: new
        for op in sorted(before.keys() & after.keys())
        if (new := sorted(set(after[op]) - set(before[op])))
    }
    added = {
        "ops": sorted(after.keys() - before.keys()),
        "attributes": attributes,
        "types": _added_types(older.cpu_types(), newer.cpu_types()),
    }
    return added, sorted(before.keys() - after.keys())


def _added_types(before, after):
    added = {}
    for place in sorted(before.keys() & after.keys()):
        if before[place] is not None and after[place] is not None:
            new = sorted(after[place] - before[place])
            if new:
                added[place] = [DataType.Name(number) for number in new]
    return added


def _types(attribute, kernels):
    """What both the op's definition and some kernel allow."""
    allowed = set(attribute.allowed_values.list.type) or None
    served = set()
    for kernel in kernels:
        constraints = [c for c in kernel.constraint if c.name == attribute.name]
        if not constraints:
            return allowed
        served.update(constraints[0].allowed_values.list.type)
    return served if allowed is None else served & allowed


def _minor(release):
    return ".".join(release.split(".")[:2])

"""Measures what each release of TensorFlow knows, into core_ops.json.

    python -m export.compatibility.measure 2.14.1 2.15.1 2.16.2 2.17.1 2.18.1 \\
        2.19.1 2.20.0 2.21.0

downloads the `tensorflow-cpu` wheel of each release (about 250 MB, one at a time,
deleted after use) and asks its C++ library for its ops and kernels. The stock server
links all of core TensorFlow (tensorflow_serving/model_servers/BUILD, `server_lib`), so
what the wheel has, the server has. Run it on a Python that the oldest wheel is built
for, with every release in order: the table tells what came with which.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from export.compatibility.tabulate import Registry, tabulate, write_table
from export.protocol import KernelList, OpList
from export.runtime.library import checked_status, open_library

TABLE = Path(__file__).with_name("core_ops.json")
_LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")


def main(releases: list[str]) -> None:
    """Measures releases, the oldest first, and rewrites the table."""
    if not releases:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        registries = {}
        for release in releases:
            print(release, file=sys.stderr)
            registries[release] = read_apart(download(release, folder))
    write_table(tabulate(registries), TABLE)


def download(release: str, folder: str) -> str:
    """Fetches the two C++ libraries of a release.

    Returns:
        The folder that holds them.
    """
    target = os.path.join(folder, release)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", target, f"tensorflow-cpu=={release}"], check=True)
    (wheel,) = Path(target).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for library in _LIBRARIES:
            path = Path(archive.extract(f"tensorflow/{library}", target))
            path.rename(os.path.join(target, library))
    wheel.unlink()
    return target


def read_apart(folder: str) -> Registry:
    """Reads a library in a process of its own, since one can hold only one."""
    with tempfile.TemporaryDirectory() as out:
        paths = [os.path.join(out, name) for name in ("ops", "kernels")]
        command = [sys.executable, "-m", __spec__.name, "--read", folder, *paths]
        subprocess.run(command, check=True)
        for library in _LIBRARIES:
            os.remove(os.path.join(folder, library))
        ops, kernels = (Path(path).read_bytes() for path in paths)
    return Registry(OpList.FromString(ops), KernelList.FromString(kernels))


def read_here(folder: str, ops_path: str, kernels_path: str) -> None:
    """Writes an OpList and a KernelList, serialized."""
    api = open_library(folder)
    Path(ops_path).write_bytes(api.TF_GetAllOpList().contents.read())
    with checked_status(api) as status:
        kernels = api.TF_GetAllRegisteredKernels(status).contents.read()
    Path(kernels_path).write_bytes(kernels)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read_here(*sys.argv[2:])
    else:
        main(sys.argv[1:])

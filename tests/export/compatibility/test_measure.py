import importlib.util
import os
import shutil

import pytest

from export.compatibility.measure import read_apart
from export.compatibility.releases import core_ops


@pytest.mark.large
def test_the_installed_library_measures_as_the_table_says(tmp_path):
    folder = importlib.util.find_spec("tensorflow").submodule_search_locations[0]
    for name in ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2"):
        shutil.copy(os.path.join(folder, name), tmp_path)

    registry = read_apart(str(tmp_path))

    # The wheel with GPU support has kernels for more devices, not more ops.
    assert set(registry.attributes()) <= set(core_ops()["ops"])
    assert "MatMul" in registry.cpu_kernels()
    assert "CudnnRNNV3" not in registry.cpu_kernels()
    assert list(tmp_path.iterdir()) == []

import os
import shutil

import pytest

from export.versions import WARMUP_REQUESTS


@pytest.fixture(scope="session")
def cold_model(published_model, tmp_path_factory):
    """`published_model` without warm-up: to load a version takes a second or two."""
    folder = str(tmp_path_factory.mktemp("cold") / "reviews")
    shutil.copytree(published_model, folder)
    os.remove(os.path.join(folder, "1", WARMUP_REQUESTS))
    return folder

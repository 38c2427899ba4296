import pytest

from export.saved_model import export_run
from mmtf.config import Labels
from tests.export.conftest import make_run


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    """A tiny model, exported."""
    folder = tmp_path_factory.mktemp("benchmarks")
    run = make_run(folder / "RUN", Labels(class_names=("bad", "good")))
    export_run(run, str(folder / "reviews"))
    return str(folder / "reviews")

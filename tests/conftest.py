import pytest
from hypothesis import settings

from pipelines.build import build
from pipelines.demo import write_demo

# The same examples in every run: a change is judged by what it changes. Others are
# looked for with `pytest --hypothesis-profile=wild`.
settings.register_profile("same", derandomize=True)
settings.register_profile("wild", derandomize=False, database=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def demo_corpus(tmp_path_factory):
    """A folder with a small demo corpus."""
    out = str(tmp_path_factory.mktemp("corpus") / "demo")
    write_demo(out, rows=60, seed=1)
    return out


@pytest.fixture(scope="session")
def demo_data(demo_corpus, tmp_path_factory):
    """Its shards, three files a split."""
    data = str(tmp_path_factory.mktemp("data") / "demo")
    build(f"{demo_corpus}/manifest.csv", data, num_shards=3, processes=1)
    return data


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """RUN as training leaves it: the tiny preset, random weights, four classes."""
    from mmtf.config import Labels
    from tests.export.conftest import make_run

    labels = Labels(class_names=("schlecht", "mäßig", "gut", "sehr gut"))
    return make_run(tmp_path_factory.mktemp("run") / "RUN", labels)


@pytest.fixture(scope="session")
def published_model(run_folder, tmp_path_factory):
    """MODELS/reviews with version 1: that run's export, made once for all tests.

    An export takes half a minute with every release and batch size. This one is
    proven for one release and warms up for 1 and 4 rows: enough for whoever needs
    *an* export. Nobody writes into it; who must, copies it.
    """
    from export.saved_model import export_run

    folder = str(tmp_path_factory.mktemp("models") / "reviews")
    export_run(run_folder, folder, releases=("2.20",), batch_sizes=(1, 4))
    return folder

import pytest

from pipelines.build import build
from pipelines.demo import write_demo


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

import pytest

from pipelines.build import build
from pipelines.inspection import inspect_shards
from tests.pipelines.inspection.faulty_corpus import RATE_HZ, write_faulty_corpus


@pytest.fixture(scope="session")
def faulty_data(tmp_path_factory):
    """Shards with planted faults."""
    manifest = write_faulty_corpus(tmp_path_factory.mktemp("faulty"))
    data = str(tmp_path_factory.mktemp("data") / "faulty")
    build(manifest, data, sample_rate_hz=RATE_HZ, processes=1, progress=False)
    return data


@pytest.fixture(scope="session")
def found(faulty_data):
    """What an inspection finds in them."""
    return inspect_shards(faulty_data, processes=1, progress=False)

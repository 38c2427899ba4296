import pytest

from benchmarks import modalities
from mmtf.errors import InputError


class FakeSession:
    def run(self, signature, inputs):
        return signature, {name: len(values) for name, values in inputs.items()}


def test_each_subset_is_asked_for_and_nothing_else_is_sent():
    works = modalities.make_works(FakeSession(), 3, sample_rate_hz=16000)
    asked = {name: work() for name, work in works.items()}
    assert len(asked) == 7
    assert asked["image"] == ("serving_default", {"image": 3})
    assert asked["text+audio"] == ("serving_default", {"text": 3, "audio": 3})


def test_a_folder_without_versions_is_refused(tmp_path):
    with pytest.raises(InputError, match="written by `mmtf export`.*has no version"):
        modalities.main(str(tmp_path))

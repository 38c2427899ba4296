"""The export of a model that is built without some of the modalities."""

import numpy as np
import pytest

from export.runtime import SavedModelSession
from export.saved_model import export_run
from mmtf.config import Labels
from tests.export.conftest import make_run


@pytest.mark.large
def test_the_excluded_is_absent_and_changes_nothing(tmp_path):
    labels = Labels(class_names=("bad", "good"))
    run = make_run(tmp_path / "run", labels, modalities=("text", "audio"))
    # It is published only if the C++ session gives the model's own answers.
    folder = export_run(
        run, str(tmp_path / "models"), releases=("2.20",), batch_sizes=(1,)
    )
    session = SavedModelSession(str(folder))
    ask = {"text": np.array([b"not bad"], object)}
    answer = session.run("serving_default", ask)
    broken = {**ask, "image": np.array([b"no image at all"], object)}
    for name, value in session.run("serving_default", broken).items():
        np.testing.assert_array_equal(value, answer[name])
    assert answer["presence"].tolist() == [[True, False, False]]
    assert answer["modality_weights"].tolist() == [[1, 0, 0]]
    session.close()

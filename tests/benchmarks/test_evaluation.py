import numpy as np
import pytest

from benchmarks import evaluation
from mmtf import presets
from mmtf.config import Labels
from mmtf.model import build_model
from tests.mmtf.first_losses import random_rows


def test_every_work_answers_for_the_same_rows():
    model = build_model(presets.tiny().model, num_outputs=3)
    batches = list(random_rows(presets.tiny(), rows=7).batch(4))
    labels = Labels(class_names=("a", "b", "c"))
    alone, subsets, figures = (
        work() for work in evaluation.make_works(model, batches, labels).values()
    )
    full = subsets.logits["text+image+audio"]
    np.testing.assert_allclose(np.concatenate(alone), full, atol=1e-5)
    right = full.argmax(-1) == subsets.labels
    assert figures["accuracy"] == pytest.approx(right.mean())


def test_works_take_turns():
    done = []
    works = {name: lambda name=name: done.append(name) for name in "ab"}
    seconds = evaluation.measure(works, repeats=2)
    assert "".join(done) == "ababab"
    assert {name: len(values) for name, values in seconds.items()} == {"a": 2, "b": 2}


def test_medians_and_ratios_to_the_letter():
    seconds = {"full model": [2.0, 1.0, 9.0], "seven subsets": [2.2, 2.2, 2.2]}
    assert evaluation.format_seconds(seconds) == (
        "full model        2.000 s    1.00 times\n"
        "seven subsets     2.200 s    1.10 times"
    )

import dataclasses
import itertools

import numpy as np
import pytest
from scipy.special import logit, softmax

import pipelines
from mmtf.cli import main
from mmtf.config import Config, Labels
from mmtf.errors import InputError
from mmtf.explain import explain
from mmtf.features import MODALITIES
from mmtf.model import build_model
from mmtf.run import open_run
from tests.mmtf.check_layer import randomise
from tests.mmtf.tiny_model import tiny
from tests.pipelines.media_samples import image_bytes, wav_bytes


@dataclasses.dataclass
class AnyRun:
    """What need not be a folder, with a model whose biases are not zero."""

    config: Config
    temperature: float

    def __post_init__(self):
        config = self.config
        outputs = config.labels.num_outputs
        self.model = build_model(config.model, num_outputs=outputs)
        randomise(self.model)


@pytest.fixture(scope="module")
def parts(run_folder):
    """A run, its tokenizer, and a row of everything."""
    run = open_run(run_folder)
    labels = Labels(class_names=("bad", "fair", "good"))
    config = dataclasses.replace(run.config, labels=labels)
    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    pixels = np.random.default_rng(0).integers(0, 255, (40, 50, 3))
    row = {
        "text": ["the plot was not bad"],
        "image": [image_bytes(pixels)],
        "audio": [wav_bytes(np.sin(np.arange(4000) / 9) / 3)],
    }
    batch = pipelines.Preprocessor(config.model, tokenizer).batch(**row)
    return AnyRun(config, temperature=0.5), batch, tokenizer


@pytest.fixture(scope="module")
def explanation(parts):
    run, batch, tokenizer = parts
    return explain(run, batch, tokenizer)


def test_scores_are_those_of_the_run(explanation, parts):
    run, batch, _ = parts
    scores = softmax(run.model.predict(batch, verbose=0)[0] / 0.5)
    np.testing.assert_allclose(explanation.scores, scores, atol=1e-5)
    assert explanation.explained == scores.argmax()
    total = explanation.contributions.sum(axis=0)
    np.testing.assert_allclose(total, scores - explanation.base_scores, atol=1e-5)


def test_attributions_are_complete(explanation):
    score = float(explanation.scores[explanation.explained])
    assert list(explanation.attributions) == ["text", "image", "audio"]
    for attribution in explanation.attributions.values():
        assert attribution.output == pytest.approx(logit(score), abs=1e-4)
        change = abs(attribution.output - attribution.baseline_output)
        assert attribution.error <= max(0.01 * change, 0.001)


def test_each_part_has_its_attribution(explanation):
    shapes = {m: a.values.shape for m, a in explanation.attributions.items()}
    pieces = [token.removeprefix("##") for token in explanation.tokens]
    assert "theplotwasnotbad".startswith("".join(pieces))
    length = len(pieces)
    assert length > 10
    assert shapes == {"text": (length,), "image": (32, 32), "audio": (4000,)}
    assert explanation.waveform.shape == (4000,)
    assert explanation.image.shape == (32, 32, 3)


def without(batch, *modalities):
    present = [[modality not in modalities for modality in MODALITIES]]
    return {**batch, "presence": batch["presence"] & present}


def test_the_same_row_is_explained_alike(parts):
    run, batch, tokenizer = parts
    batch = without(batch, "audio")  # which takes longest
    first, second = (explain(run, batch, tokenizer) for _ in range(2))
    assert list(first.attributions) == ["text", "image"]
    for modality, attribution in first.attributions.items():
        np.testing.assert_array_equal(
            attribution.values, second.attributions[modality].values
        )


def test_another_class_and_absent_modalities(parts):
    run, batch, tokenizer = parts
    batch = without(batch, "image", "audio")
    found = explain(run, batch, tokenizer, class_name="bad")
    assert (found.explained, found.explained_name) == (0, "bad")
    assert found.explained_output == "the log-odds of 'bad'"
    assert list(found.attributions) == ["text"]
    assert not found.contributions[1:].any()
    assert found.attributions["text"].output == pytest.approx(
        logit(float(found.scores[0])), abs=1e-4
    )


def test_what_cannot_be_explained_is_refused(parts):
    run, batch, tokenizer = parts
    with pytest.raises(InputError, match="one of bad, fair, good. Received: 'ugly'"):
        explain(run, batch, tokenizer, class_name="ugly")
    two = {key: np.repeat(value, 2, axis=0) for key, value in batch.items()}
    with pytest.raises(InputError, match="must hold one row. Received: 2"):
        explain(run, two, tokenizer)


def test_a_regression_by_a_model_of_two_modalities(parts):
    run, batch, tokenizer = parts
    model = tiny("gated", text="birnn", audio="crnn")
    model = dataclasses.replace(model, modalities=("text", "audio"))
    config = dataclasses.replace(
        run.config, model=model, labels=Labels(task="regression")
    )
    other = AnyRun(config, temperature=3.0)
    found = explain(other, batch, tokenizer)
    assert found.presence.tolist() == [True, False, True]
    assert list(found.attributions) == ["text", "audio"]
    assert found.contributions[1].tolist() == [0.0]
    assert found.explained_name == "value"
    value = other.model.predict(batch, verbose=0)[0]
    np.testing.assert_allclose(found.scores, value, atol=1e-5)
    for attribution in found.attributions.values():
        assert attribution.output == pytest.approx(value[0], abs=1e-4)
        assert attribution.relative_error < 0.02
    with pytest.raises(InputError, match="only where there are classes"):
        explain(other, batch, tokenizer, class_name="good")


@pytest.mark.large
def test_a_trained_model_is_explained_completely(demo_data, tmp_path):
    folder = str(tmp_path / "RUN")
    words = ["train", demo_data, folder, "--preset", "tiny", "--train.epochs", "3"]
    assert main(words) == 0
    run = open_run(folder)
    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    preprocessor = pipelines.Preprocessor(run.config.model, tokenizer)
    for row in itertools.islice(pipelines.read_rows(demo_data, "test"), 4):
        batch = preprocessor.batch([row.text], [row.image], [row.audio])
        found = explain(run, batch, tokenizer)
        for attribution in found.attributions.values():
            change = abs(attribution.output - attribution.baseline_output)
            assert attribution.error < max(0.02 * change, 0.001)

import pytest

from mmtf.report.sections.robustness import describe
from tests.mmtf.report.made import made_evidence
from tests.mmtf.report.read_page import Page


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_there_is_a_plot_for_loss_and_one_for_each_noise(task):
    shown = describe(made_evidence(task))
    dropped = Page(shown["dropped"])
    assert not dropped.faults
    for name in ("text", "image", "audio", "all"):
        assert name in dropped.text
    (noise,) = shown["noise"]
    page = Page(noise["plot"])
    assert not page.faults
    for word in ("clean", "10", "white noise, dB SNR", "audio alone", "all modalities"):
        assert word in page.text


def test_plots_of_noise_share_their_axis():
    evidence = made_evidence()
    point = {"accuracy": 0.1, "loss": 1, "alone": {"accuracy": 0.1, "loss": 1}}
    noise = evidence.robustness["noise"]
    noise["blur"] = {
        **noise["white noise"],
        "modality": "image",
        "levels": [{"level": 1, **point}],
    }
    texts = [Page(curve["plot"]).text for curve in describe(evidence)["noise"]]
    assert all("0.2" in text for text in texts)


def test_there_is_nothing_before_it_is_measured():
    assert describe(made_evidence(robustness=None)) is None

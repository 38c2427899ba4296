from dataclasses import replace

from mmtf.report.sections.card import describe
from tests.mmtf.report.made import DATA_REPORT, made_evidence


def card(evidence, report=DATA_REPORT):
    return {heading: " ".join(said) for heading, said in describe(evidence, report)}


def test_it_says_what_the_model_is_and_is_for():
    said = card(made_evidence())
    assert "BERT for text, a convolutional network for image" in said["Model"]
    assert "joined by attention fusion" in said["Model"]
    assert (
        "tells 3 classes apart (bad, <b>so & so</b> and good)" in said["Intended use"]
    )
    assert "The data hold 1,000 train and 60 test rows." in said["Data"]
    assert "9.4% of all rows have no text." in said["Data"]
    assert "no image." not in said["Data"]


def test_pretrained_weights_are_named():
    evidence = made_evidence()
    model = evidence.config.model
    text = replace(model.text, preset="bert_base_en")
    config = replace(evidence.config, model=replace(model, text=text))
    said = card(replace(evidence, config=config))
    assert "pretrained weights: the text encoder from bert_base_en." in said["Model"]
    assert "random weights" in card(evidence)["Model"]


def test_of_many_classes_ten_are_named():
    names = tuple(f"c{index:02}" for index in range(12))
    said = card(made_evidence(names=names))
    assert "12 classes apart (c00, c01" in said["Intended use"]
    assert "and c09 and 2 more)" in said["Intended use"]


def test_a_model_of_one_modality_promises_no_other():
    evidence = made_evidence("regression")
    model = replace(evidence.config.model, modalities=("audio",))
    evidence = replace(evidence, config=replace(evidence.config, model=model))
    said = card(evidence)
    assert said["Intended use"].startswith(
        "It gives a number to rows of voice recording."
    )
    assert "alone it does worst" not in said["Limitations"]


def test_what_is_not_at_hand_is_said():
    said = card(made_evidence(figures=None), report=None)
    assert "The data were not at hand" in said["Data"]
    assert "Nothing was measured on the test split yet." in said["Metrics"]

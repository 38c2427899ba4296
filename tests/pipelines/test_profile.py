import dataclasses

import pytest

from mmtf import presets
from mmtf.config import DataConfig, ImageConfig
from mmtf.errors import InputError
from pipelines.dataset import make_tokenizer
from pipelines.info import read_info
from pipelines.profile import StageRate, advise, profile_input, slowest_stage

CONFIG = presets.tiny()


def profiled(data, config):
    tokenizer = make_tokenizer(data, config)
    return profile_input(data, config, tokenizer, seconds=0.01, rounds=1)


def test_each_stage_and_chain_has_a_rate(demo_data):
    rates = profiled(demo_data, CONFIG)
    assert [rate.stage for rate in rates] == [
        "read", "parse", "decode image", "decode audio", "augment", "batch",
        "tokenise", "whole, training", "whole, evaluation",
    ]  # fmt: skip
    for rate in rates:
        assert rate.rows_per_second > 0 and rate.cpu_seconds_per_row > 0


def test_there_are_no_stages_that_the_configuration_lacks(demo_data):
    model = dataclasses.replace(CONFIG.model, modalities=("audio",))
    config = dataclasses.replace(CONFIG, model=model, data=DataConfig(augment=False))
    names = {rate.stage for rate in profiled(demo_data, config)}
    assert not names & {"decode image", "augment", "tokenise"}
    assert "decode audio" in names


def test_a_whole_chain_is_no_slowest_stage():
    rates = [StageRate("read", 9, 1), StageRate("parse", 5, 1)]
    rates.append(StageRate("whole, training", 1, 1))
    assert slowest_stage(rates).stage == "parse"


def test_images_larger_than_the_model_are_told(demo_data):
    info = read_info(demo_data)
    (sentence,) = advise(info, CONFIG.model)
    assert "256 pixels" in sentence and "--image-side 32" in sentence
    larger = dataclasses.replace(CONFIG.model, image=ImageConfig(size=256))
    assert advise(info, larger) == []


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"rounds": 0}])
def test_something_must_be_measured(wrong):
    with pytest.raises(InputError, match="greater than 0. Received: seconds="):
        profile_input("", CONFIG, None, **wrong)

from mmtf import presets
from mmtf.features import SUBSETS, input_specs, subset_mask, subset_name


def test_the_seven_subsets_come_smallest_first():
    assert [subset_name(subset) for subset in SUBSETS] == [
        "text",
        "image",
        "audio",
        "text+image",
        "text+audio",
        "image+audio",
        "text+image+audio",
    ]


def test_a_subset_as_a_mask():
    assert subset_mask(("text", "audio")) == [True, False, True]


def test_input_specs_follow_the_model():
    specs = input_specs(presets.tiny().model)
    assert specs["token_ids"] == ((16,), "int32")
    assert specs["image"] == ((32, 32, 3), "float32")
    assert specs["waveform"] == ((8000,), "float32")
    assert specs["presence"] == ((3,), "bool")

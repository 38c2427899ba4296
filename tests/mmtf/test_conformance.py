"""Every registered layer, in one table, through `check_layer`."""

import keras
import numpy as np
import pytest

from mmtf import fusion, layers
from tests.mmtf.check_layer import check_layer

rng = np.random.default_rng(0)
SEQUENCE = rng.normal(size=(3, 5, 4)).astype("float32")
STEP_MASK = np.arange(5) < np.array([[5], [2], [0]])
PICTURES = rng.normal(size=(3, 5, 4, 2)).astype("float32")
TOKEN_IDS = np.arange(15, dtype="int32").reshape(3, 5)
LENGTH = np.array([7, 3, 0], "int32")
WAVEFORM = rng.uniform(-1, 1, (3, 200)).astype("float32")
FEATURES = [rng.normal(size=(3, dim)).astype("float32") for dim in (4, 6, 2)]
PRESENCE = np.array([[1, 1, 1], [0, 1, 0], [0, 0, 0]], bool)

CASES = [
    (layers.BatchNormalization, {"momentum": 0.5, "epsilon": 0.1}, (PICTURES,)),
    (layers.FillAbsent, {}, (FEATURES, PRESENCE)),
    (layers.FrameMask, {"num_frames": 4, "hop_samples": 2}, (LENGTH,)),
    (layers.GlobalLayerNorm, {"epsilon": 1e-3}, (SEQUENCE, STEP_MASK)),
    (layers.KeepValid, {}, (SEQUENCE, STEP_MASK)),
    (
        layers.LogMel,
        {
            "sample_rate_hz": 1000,
            "num_mel_bins": 4,
            "window_seconds": 0.05,
            "hop_seconds": 0.03,
        },
        (WAVEFORM,),
    ),
    (layers.MaskedMean, {}, (SEQUENCE, STEP_MASK)),
    (layers.ModalityDropout, {"rate": 0.3, "seed": 5}, (PRESENCE,)),
    (
        layers.SeparableBlock,
        {"hidden_dim": 6, "kernel_size": 5, "dilation": 2, "rematerialize": True},
        (SEQUENCE, STEP_MASK),
    ),
    (layers.SelectModalities, {"selected": [True, False, True]}, (PRESENCE,)),
    (layers.StatisticsPooling, {"epsilon": 1e-3}, (SEQUENCE, STEP_MASK)),
    (layers.StopGradient, {}, (SEQUENCE,)),
    (
        layers.TransformerLayer,
        {"num_heads": 2, "intermediate_dim": 8, "dropout": 0.2},
        (SEQUENCE, STEP_MASK),
    ),
    (layers.TrimPadding, {"multiple": 3}, ([SEQUENCE, TOKEN_IDS], STEP_MASK)),
    (fusion.ConcatFusion, {"dim": 8}, (FEATURES, PRESENCE)),
    (fusion.GatedFusion, {"dim": 8}, (FEATURES, PRESENCE)),
    (
        fusion.AttentionFusion,
        {"dim": 8, "num_layers": 2, "num_heads": 2, "dropout": 0.2},
        (FEATURES, PRESENCE),
    ),
]


@pytest.mark.parametrize(
    ("layer_class", "arguments", "inputs"), CASES, ids=[c[0].__name__ for c in CASES]
)
def test_layer_conforms(layer_class, arguments, inputs, tmp_path):
    check_layer(layer_class, arguments, inputs, tmp_path)


def test_table_holds_every_registered_layer():
    registered = {
        registered_class
        for registered_class in keras.saving.get_custom_objects().values()
        if registered_class.__module__.startswith(("mmtf.layers.", "mmtf.fusion."))
    }
    assert registered == {layer_class for layer_class, _, _ in CASES}

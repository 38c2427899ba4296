"""Keras layers with plain arguments; importing the package registers them all."""

import keras  # noqa: F401  first, so that the hook in mmtf/__init__.py runs before

from mmtf.layers.batch_normalization import BatchNormalization
from mmtf.layers.fill_absent import FillAbsent
from mmtf.layers.global_layer_norm import GlobalLayerNorm
from mmtf.layers.log_mel import LogMel
from mmtf.layers.masking import FrameMask, KeepValid
from mmtf.layers.modality_dropout import ModalityDropout
from mmtf.layers.pooling import MaskedMean, StatisticsPooling
from mmtf.layers.select_modalities import SelectModalities
from mmtf.layers.separable_block import SeparableBlock
from mmtf.layers.stop_gradient import StopGradient
from mmtf.layers.transformer_layer import TransformerLayer
from mmtf.layers.trim_padding import TrimPadding

__all__ = [
    "BatchNormalization",
    "FillAbsent",
    "FrameMask",
    "GlobalLayerNorm",
    "KeepValid",
    "LogMel",
    "MaskedMean",
    "ModalityDropout",
    "SelectModalities",
    "SeparableBlock",
    "StatisticsPooling",
    "StopGradient",
    "TransformerLayer",
    "TrimPadding",
]

"""Fusions: layers that turn features and presence into one vector and weights."""

import keras  # noqa: F401  first, so that the hook in mmtf/__init__.py runs before

from mmtf.fusion.attention import AttentionFusion
from mmtf.fusion.concat import ConcatFusion
from mmtf.fusion.gated import GatedFusion

__all__ = ["AttentionFusion", "ConcatFusion", "GatedFusion"]

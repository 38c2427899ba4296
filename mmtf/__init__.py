"""Multimodal models in Keras: text, image and audio, any of which may be absent.

Importing mmtf imports neither Keras nor TensorFlow; each name brings in what it
needs when it is first used.
"""

import importlib

import lazy_loader
import wrapt

from mmtf.version import __version__

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "distribution",
        "encoders",
        "evaluation",
        "explain",
        "features",
        "fusion",
        "layers",
        "presets",
        "training",
    ],
    submod_attrs={
        "config": ["Config"],
        "errors": ["InputError"],
        "model": ["build_model"],
        "presets": ["preset"],
    },
)
__all__ = [*__all__, "__version__"]


@wrapt.when_imported("keras")
def _register_layers(_):
    """Lets `keras.saving.load_model` find the layers wherever mmtf was imported."""
    for module in ("layers", "fusion", "distribution", "optimizers"):
        importlib.import_module(f"mmtf.{module}")

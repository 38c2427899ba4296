"""Metrics per modality subset, and how they are shown."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "evaluate": ["evaluate"],
        "subsets": ["Predictions", "predict_subsets"],
        "table": ["format_table"],
    },
)

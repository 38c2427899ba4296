"""Why a model answers as it does: which modality, which words, where and when."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "explain": ["explain"],
        "explanation": ["Explanation"],
        "integrated_gradients": ["Attribution", "integrated_gradients"],
        "modalities": ["explain_modalities", "shapley_values"],
        "page": ["explanation_page"],
        "terminal": ["format_explanation"],
    },
)

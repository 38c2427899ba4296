"""Asks a server for predictions: files in, scores out.

It needs neither TensorFlow nor Keras.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clients": ["AsyncClient", "Client", "predict"],
        "errors": ["ServerError"],
        "formatting": ["format_prediction"],
        "manifest": ["Summary", "predict_manifest"],
        "options": ["Options", "Tls"],
    },
)

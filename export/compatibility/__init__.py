"""Would the stock TensorFlow Serving of a release load a SavedModel and run it?"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "check": ["check"],
        "findings": ["Finding"],
        "releases": ["SERVER_RELEASES", "Release"],
        "report": ["Report"],
    },
)

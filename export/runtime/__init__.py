"""TensorFlow's C++ runtime, without its Python package.

TensorFlow Serving is the C++ loader and session of TensorFlow with a network in
front. Both are in the shared library that every TensorFlow wheel carries, and are
called here through its C interface.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "session": ["SavedModelSession"],
        "status": ["Code", "StatusError"],
    },
)

"""A local server that speaks TensorFlow Serving's protocol, for development."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "options": ["ServerOptions"],
        "server": ["Server", "require_version", "serve", "start"],
    },
)

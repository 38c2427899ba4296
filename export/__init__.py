"""From a run to answers: SavedModels, a local server, and a client for both."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["serve"],
    submod_attrs={
        "client": ["format_prediction", "predict"],
        "saved_model": ["export_run"],
        "session": ["SavedModelSession"],
        "versions": ["list_versions"],
    },
)

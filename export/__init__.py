"""From a run to answers: SavedModels, a local server, and a client for both."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["compatibility", "serve"],
    submod_attrs={
        "client": [
            "AsyncClient",
            "Client",
            "format_prediction",
            "predict",
            "predict_manifest",
        ],
        "runtime": ["SavedModelSession"],
        "saved_model": ["export_run"],
        "verification": ["VerificationError"],
        "versions": ["list_versions"],
    },
)

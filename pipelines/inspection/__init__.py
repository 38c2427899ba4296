"""What the shards hold, and what is wrong with it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "findings": ["Inspection"],
        "inspect_shards": ["inspect_shards"],
        "tables": ["format_inspection"],
    },
)

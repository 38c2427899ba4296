"""Rows to records to batches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["build"],
        "dataset": ["eval_dataset", "make_tokenizer", "train_dataset"],
        "info": ["DataInfo", "read_info", "read_report"],
        "preprocess": ["Preprocessor"],
        "report": ["BuildReport"],
        "text": ["load_tokenizer", "save_tokenizer"],
    },
)

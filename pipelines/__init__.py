"""Rows to records to batches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["build"],
        "dataset": ["eval_dataset", "make_tokenizer", "train_dataset"],
        "info": ["DataInfo", "data_fingerprint", "read_info", "read_report"],
        "preprocess": ["Preprocessor"],
        "report": ["BuildReport"],
        "rows": ["Row", "read_rows", "read_rows_at"],
        "text": ["load_tokenizer", "save_tokenizer"],
    },
)

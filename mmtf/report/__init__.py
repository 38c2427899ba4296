"""Pages to read: a run's report, and runs side by side."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "comparison": ["compare_runs"],
        "comparison_page": ["comparison_page"],
        "comparison_text": ["format_comparison"],
        "evidence": ["Evidence", "read_evidence"],
        "page": ["render"],
        "sections.errors": ["find_errors"],
        "write": ["report_page", "write_report"],
    },
)

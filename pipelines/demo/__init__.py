"""A generated corpus, so that everything runs with no data at hand."""

from pipelines.demo.corpus import DemoSummary, write_demo
from pipelines.demo.rows import DemoRow, draw_rows

__all__ = ["DemoRow", "DemoSummary", "draw_rows", "write_demo"]

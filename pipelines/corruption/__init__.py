"""Seeded noise for rows of an evaluation, each kind at several levels."""

from pipelines.corruption.catalogue import CORRUPTIONS, Corruption

__all__ = ["CORRUPTIONS", "Corruption"]

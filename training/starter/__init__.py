"""Makes the starter corpus from a region's problem catalogue."""

from training.starter.generate import StarterRow, generate, write_corpus

__all__ = ["StarterRow", "generate", "write_corpus"]

"""The command ``disposisi``; training and serving add their commands by entry points."""

from pipeline.cli.main import main

__all__ = ["main"]

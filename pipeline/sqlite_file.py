"""Databases of SQLite, which are files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL


def missing_file(url: URL) -> str | None:
    """Return the file of a SQLite database if it isn't there: connecting would make it, empty."""
    file = url.database or ":memory:"
    named = url.get_backend_name() == "sqlite" and not file.startswith((":memory:", "file:"))
    return file if named and not Path(file).exists() else None

"""SQLite databases as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL


def missing_file(url: URL) -> str | None:
    """Return the file of a SQLite database if it does not exist: connecting would create an empty one."""
    file = url.database or ":memory:"
    named = url.get_backend_name() == "sqlite" and not file.startswith((":memory:", "file:"))
    return file if named and not Path(file).exists() else None

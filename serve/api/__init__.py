"""The HTTP API, version 1."""

from __future__ import annotations

from typing import Final

SMALL_BYTES: Final = 256 * 1024  # more than any single complaint, however encoded, or form needs

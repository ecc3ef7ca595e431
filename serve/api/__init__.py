"""The HTTP API, version 1."""

from __future__ import annotations

from typing import Final

SMALL_BYTES: Final = 256 * 1024  # of one complaint, however it is written, or a form

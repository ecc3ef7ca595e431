"""The HTTP API, version 1."""

from __future__ import annotations

from typing import Final

EVENTS: Final = "/v1/events"  # a stream, open for hours

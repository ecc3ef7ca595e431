"""The HTTP API, version 1."""

from __future__ import annotations

from typing import Final

PATHS: Final = ("/v1/", "/open311/")
EVENTS: Final = "/v1/events"  # a stream, open for hours

"""The addresses that what stands before the application tells apart."""

from __future__ import annotations

from typing import Final

PROGRAMS: Final = ("/v1/", "/open311/")  # what these begin with is asked by other systems
SUGGESTIONS: Final = "/v1/suggestions"  # for one: answered in a millisecond, without a thread
EVENTS: Final = "/v1/events"  # a stream, open for hours

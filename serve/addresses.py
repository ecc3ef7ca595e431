"""The addresses that the middleware treats differently from the rest."""

from __future__ import annotations

from typing import Final

PROGRAMS: Final = ("/v1/", "/open311/")  # with one of these begin the addresses that other systems ask
SUGGESTIONS: Final = "/v1/suggestions"  # for one: answered in a millisecond, without a thread
EVENTS: Final = "/v1/events"  # a stream, open for hours

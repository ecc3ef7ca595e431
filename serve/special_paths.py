"""URL paths that the middleware treats specially."""

from __future__ import annotations

from typing import Final

PROGRAMS: Final = ("/v1/", "/open311/")  # path prefixes of the APIs for other systems
SUGGESTIONS: Final = "/v1/suggestions"  # a single suggestion: answered in a millisecond, without a thread
EVENTS: Final = "/v1/events"  # an event stream, open for hours

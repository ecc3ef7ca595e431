"""What a request says that its body is."""

from __future__ import annotations

from starlette.requests import Request


def media_type(request: Request) -> str:
    """Return the media type of a request's body, in small letters and without parameters; empty if it names none."""
    kind: str = request.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()

"""Requests in absolute form, ``GET http://host/path HTTP/1.1``, as sent to a proxy."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from uvicorn.protocols.http.h11_impl import H11Protocol

_WHOLE: Final = re.compile(rb"https?://([^/]+)(/.*)?", re.IGNORECASE)


class AbsoluteFormProtocol(H11Protocol):
    """uvicorn's HTTP protocol with support for the absolute form, which uvicorn takes for a path.

    Every server must accept it, and must use its host instead of the ``Host`` header (RFC 9112, 3.2.2).
    """

    def handle_events(self) -> None:
        """Handle the events, then rewrite the scope: the task that answers the request hasn't started yet."""
        super().handle_events()
        if self.scope is None or self.scope["raw_path"].startswith(b"/"):
            return
        if whole := _WHOLE.fullmatch(self.scope["raw_path"]):
            host, path = whole[1], whole[2] or b"/"
            self.scope["raw_path"], self.scope["path"] = path, unquote(path.decode("ascii"))
            self.scope["headers"] = [
                (name, host if name == b"host" else value) for name, value in self.scope["headers"]
            ]

"""Schema of problem documents (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel


class Problem(BaseModel):
    """A problem document.

    Attributes
    ----------
    type
        Kind of problem, as a stable URN.
    title
        The kind of problem in a few words, in Indonesian.
    status
        The HTTP status.
    detail
        What was wrong and how to fix it, in Indonesian.
    errors
        For invalid input: of each error the field (``where``) and what is wrong with it (``what``).
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []

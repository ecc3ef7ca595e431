"""Schema of problem documents (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel


class Problem(BaseModel):
    """A problem document.

    Attributes
    ----------
    type
        Kind of problem, as a stable URN.
    detail
        What was wrong and how to fix it.
    errors
        For invalid input: ``where`` and ``what`` of each error.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []

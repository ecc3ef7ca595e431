"""A problem document (RFC 9457) as it travels over HTTP."""

from __future__ import annotations

from pydantic import BaseModel


class Problem(BaseModel):
    """A problem document.

    Attributes
    ----------
    type
        What kind of problem, as a URN that doesn't change.
    detail
        What was wrong and how to mend it.
    errors
        For invalid input: where, and what.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []

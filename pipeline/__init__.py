"""A complaint's text in, a suggestion out: all that inference needs, and nothing of training or serving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.complaint import AgencyScore, Complaint, Part, Place, Span, Suggestion, Urgency, Word
from pipeline.errors import DisposisiError

if TYPE_CHECKING:
    from pipeline.router import Router

__all__ = [
    "AgencyScore",
    "Complaint",
    "DisposisiError",
    "Part",
    "Place",
    "Router",
    "Span",
    "Suggestion",
    "Urgency",
    "Word",
]


def __getattr__(name: str) -> Any:
    """Import :class:`Router` on first use: it needs scikit-learn, which takes seconds to import."""
    if name == "Router":
        from pipeline.router import Router  # noqa: PLC0415

        return Router
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

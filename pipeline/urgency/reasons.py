"""Why a situation is urgent, for the dispatcher: the danger's name and the citizen's own words."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.complaint import ALARMS, Level, Span
from pipeline.urgency.signs import DangerSign, Standing

MAX_QUOTED_CHARS = 80


def tell_reasons(text: str, dangers: Sequence[DangerSign], level: Level) -> list[tuple[str, Span]]:
    """Return pairs of reason and span, the gravest first; none for a level that no danger explains.

    Parameters
    ----------
    text
        The complaint.
    dangers
        What the text names.
    level
        The level that is told.

    Examples
    --------
    >>> from pipeline.text import tokenise
    >>> from pipeline.urgency import danger_finder
    >>> text = "tolong, rumah sebelah kebakaran"
    >>> tell_reasons(text, danger_finder().find(text, tokenise(text)), Level.DARURAT)[0][0]
    'ada kebakaran: “kebakaran”'
    """
    if level not in ALARMS:
        return []
    grave = sorted((sign for sign in dangers if sign.level), key=lambda sign: sign.level is not Level.DARURAT)
    return [(f"{_named(sign)}: “{_quote(text, sign.span)}”", sign.span) for sign in grave]


def _named(sign: DangerSign) -> str:
    return f"{sign.cue.reason} (dikhawatirkan)" if sign.standing is Standing.FEARED else sign.cue.reason


def _quote(text: str, span: Span) -> str:
    words = " ".join(text[span.start : span.end].split())
    return words if len(words) <= MAX_QUOTED_CHARS else f"{words[:MAX_QUOTED_CHARS].rsplit(' ', 1)[0]} …"

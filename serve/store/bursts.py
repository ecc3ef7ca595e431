"""Bursts: an agency's problem that is suddenly frequent in one kecamatan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from serve.store import models

RECENT_DAYS = 3
USUAL_DAYS = 28  # before the recent ones
MIN_COMPLAINTS = 4
MAX_CHANCE = 0.01  # that any of the pairs looks so by chance, after Bonferroni
_HALF_A_COMPLAINT = 0.5  # what a pair without any complaint in 28 days is taken to have had


@dataclass(frozen=True, slots=True)
class Burst:
    """More complaints in the last days than the weeks before let expect.

    Attributes
    ----------
    found
        In the last ``RECENT_DAYS`` days.
    expected
        In as many days, by the ``USUAL_DAYS`` days before.
    chance
        Probability of so many or more if nothing had changed (Poisson), times the number of pairs looked at.
    """

    agency: str
    kecamatan: str
    found: int
    expected: float
    chance: float


def bursts(session: Session, now: dt.datetime) -> list[Burst]:
    """Return the bursts of the last days, the least likely first.

    Counts of one kecamatan and agency are taken as Poisson with the rate of the weeks before (one-sided exact test).
    The rate itself is estimated from few complaints, so half a complaint stands for none at all.
    """
    complaint = models.Complaint
    recent_from = now - dt.timedelta(days=RECENT_DAYS)
    usual_from = recent_from - dt.timedelta(days=USUAL_DAYS)
    recent = func.sum(case((complaint.received_at >= recent_from, 1), else_=0))
    query = (
        select(complaint.agency, complaint.kecamatan, recent, func.count())
        .where(
            complaint.received_at >= usual_from,
            complaint.received_at < now,
            complaint.agency.is_not(None),
            complaint.kecamatan.is_not(None),
            # Hardly any complaint has a parent: 0 + keeps SQLite's planner from looking up all others by that, and the
            # empty word from an index by agency.
            (0 + complaint.parent_id).is_(None),
        )
        .group_by(complaint.agency + "", complaint.agency, complaint.kecamatan)
    )
    pairs = session.execute(query).all()
    found = [_burst(*pair, pairs=len(pairs)) for pair in pairs if pair[2] >= MIN_COMPLAINTS]
    return sorted((burst for burst in found if burst.chance <= MAX_CHANCE), key=lambda burst: burst.chance)


def _burst(agency: str, kecamatan: str, recent: int, total: int, *, pairs: int) -> Burst:
    from scipy.special import pdtrc  # noqa: PLC0415 (SciPy takes half a second, and a server starts without it)

    expected = max(total - recent, _HALF_A_COMPLAINT) * RECENT_DAYS / USUAL_DAYS
    chance = min(1.0, float(pdtrc(recent - 1, expected)) * pairs)
    return Burst(agency, kecamatan, recent, round(expected, 2), chance)

"""Burst detection: an agency suddenly gets unusually many complaints from one kecamatan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from serve.store import models

RECENT_DAYS = 3
USUAL_DAYS = 28  # baseline, before the recent days; fewer whole weeks while there are no older complaints
_WEEK = dt.timedelta(days=7)
MIN_COMPLAINTS = 4
MAX_CHANCE = 0.01  # family-wise error rate over all pairs, by Bonferroni
_HALF_A_COMPLAINT = 0.5  # baseline count assumed for a pair without any complaint in 28 days


@dataclass(frozen=True, slots=True)
class Burst:
    """More complaints in the last days than expected from the weeks before.

    Attributes
    ----------
    agency, kecamatan
        Code of the agency, name of the kecamatan.
    found
        Complaints in the last 3 days.
    expected
        Complaints expected in 3 days, judging by the 28 days before, or by as many weeks as there are complaints of.
    chance
        Probability of so many or more if nothing had changed (Poisson), times the number of pairs tested.
    """

    agency: str
    kecamatan: str
    found: int
    expected: float
    chance: float


def bursts(session: Session, now: dt.datetime) -> list[Burst]:
    """Return the bursts of the last days, least likely first; none before there is a week to compare them with.

    The count of an agency and kecamatan is tested against a Poisson distribution with the rate of the weeks before
    (one-sided exact test). As that rate is estimated from few complaints, a baseline of none counts as a half. Weeks
    from before the first complaint of all would make everything seem unusual.
    """
    complaint = models.Complaint
    first = select(func.min(complaint.received_at)).scalar_subquery()
    recent_from = now - dt.timedelta(days=RECENT_DAYS)
    usual_from = recent_from - dt.timedelta(days=USUAL_DAYS)
    recent = func.sum(case((complaint.received_at >= recent_from, 1), else_=0))
    query = (
        select(complaint.agency, complaint.kecamatan, recent, func.count(), first)
        .where(
            complaint.received_at >= usual_from,
            complaint.received_at < now,
            complaint.agency.is_not(None),
            complaint.kecamatan.is_not(None),
            # 0 + keeps SQLite's planner from using the index on parent_id, which is null for nearly all complaints; the
            # empty string below, from using an index by agency.
            (0 + complaint.parent_id).is_(None),
        )
        .group_by(complaint.agency + "", complaint.agency, complaint.kecamatan)
    )
    pairs = session.execute(query).all()
    known = recent_from - pairs[0][-1] if pairs else dt.timedelta()
    if known < _WEEK:
        return []
    usual_days = min(USUAL_DAYS, _WEEK.days * round(known / _WEEK))
    found = [
        _burst(agency, kecamatan, recent, total, usual_days, pairs=len(pairs))
        for agency, kecamatan, recent, total, _ in pairs
        if recent >= MIN_COMPLAINTS
    ]
    return sorted((burst for burst in found if burst.chance <= MAX_CHANCE), key=lambda burst: burst.chance)


def _burst(agency: str, kecamatan: str, recent: int, total: int, usual_days: int, *, pairs: int) -> Burst:
    from scipy.special import pdtrc  # noqa: PLC0415 (importing SciPy takes half a second, which a start can do without)

    expected = max(total - recent, _HALF_A_COMPLAINT) * RECENT_DAYS / usual_days
    chance = min(1.0, float(pdtrc(recent - 1, expected)) * pairs)
    return Burst(agency, kecamatan, recent, round(expected, 2), chance)

"""What changes between two versions of a region: agencies, problems, places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.region.region import Region, normal_label
from pipeline.region.schema import Agency


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes
    ----------
    subject
        ``agency``, ``label``, ``problem`` or ``place``.
    what
        ``new``, ``gone``, ``renamed`` or ``moves``.
    """

    subject: str
    what: str
    name: str
    detail: str

    def __str__(self) -> str:
        return f"{self.subject} {self.what}: {self.name}" + (f": {self.detail}" if self.detail else "")


def diff_regions(old: Region, new: Region, day: dt.date) -> list[Change]:
    """Return what differs on ``day`` between two versions of one region."""
    return [*_agencies(old, new, day), *_labels(old, new, day), *_problems(old, new, day), *_places(old, new)]


def next_change(old: Region, new: Region, day: dt.date) -> dt.date | None:
    """Return the first day after ``day`` on which an agency begins or ceases to exist in one version alone."""
    turns = [
        {turn for agency in region.agencies.values() for turn in _turns(agency) if turn > day} for region in (old, new)
    ]
    return min(turns[0] ^ turns[1], default=None)


def _turns(agency: Agency) -> Iterator[dt.date]:
    if agency.valid_from:
        yield agency.valid_from
    if agency.valid_to and agency.valid_to < dt.date.max:
        yield agency.valid_to + dt.timedelta(days=1)


def _agencies(old: Region, new: Region, day: dt.date) -> Iterator[Change]:
    before = {agency.code: agency for agency in old.existing(day)}
    after = {agency.code: agency for agency in new.existing(day)}
    for code in sorted(before.keys() - after.keys()):
        successors = new.current(code, day) if code in new.agencies else []
        heirs = ", ".join(new.agencies[heir].name for heir in successors if heir != code)
        yield Change("agency", "gone", before[code].name, f"labels move to {heirs}" if heirs else "without successor")
    for code in sorted(after.keys() - before.keys()):
        yield Change("agency", "new", after[code].name, "")
    for code in sorted(before.keys() & after.keys()):
        if before[code].name != after[code].name:
            yield Change("agency", "renamed", before[code].name, after[code].name)


def _labels(old: Region, new: Region, day: dt.date) -> Iterator[Change]:
    """Yield labels that name another agency than before, unless the whole agency moves."""
    spelled = {
        normal_label(label): label for region in (old, new) for a in region.agencies.values() for label in a.labels
    }
    for label in sorted(spelled.values()):
        was, now = old.agency_named(label), new.agency_named(label)
        before = ", ".join(old.current(was.code, day)) if was else ""
        after = ", ".join(new.current(now.code, day)) if now else ""
        if was and now and was.code != now.code and before != after:
            yield Change("label", "moves", label, f"{before} → {after}")
        elif was and not now and was.code in new.agencies:
            yield Change("label", "gone", label, before)
        elif now and not was and now.code in old.agencies:
            yield Change("label", "new", label, after)


def _problems(old: Region, new: Region, day: dt.date) -> Iterator[Change]:
    before = {(urusan.urusan, problem.id): problem.name for urusan, problem in old.problems()}
    after = {(urusan.urusan, problem.id): problem.name for urusan, problem in new.problems()}
    for key, name in {**before, **after}.items():
        was = [agency.code for agency in old.responsible(*key, day)] if key in before else []
        now = [agency.code for agency in new.responsible(*key, day)] if key in after else []
        if key not in before:
            yield Change("problem", "new", name, ", ".join(now))
        elif key not in after:
            yield Change("problem", "gone", name, ", ".join(was))
        elif was != now:
            yield Change("problem", "moves", name, f"{', '.join(was) or 'nobody'} → {', '.join(now) or 'nobody'}")


def _places(old: Region, new: Region) -> Iterator[Change]:
    for code in sorted(old.places.keys() | new.places.keys()):
        was, now = old.places.get(code), new.places.get(code)
        if was is None and now is not None:
            yield Change("place", "new", f"{now.name} ({code})", now.kind)
        elif now is None and was is not None:
            yield Change("place", "gone", f"{was.name} ({code})", was.kind)
        elif was and now and was.name != now.name:
            yield Change("place", "renamed", f"{was.name} ({code})", now.name)

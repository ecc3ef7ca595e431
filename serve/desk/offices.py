"""Offices that a dispatcher can choose, with what each handles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.region import Agency, Region
from pipeline.region.schema import OUTSIDE_KINDS

_SHORT_CHARS = 130


@dataclass(frozen=True, slots=True)
class Office:
    """An office in the list.

    Attributes
    ----------
    mandate
        What it handles, from the region's problem catalogue; empty if that has nothing.
    problems
        Names of the problems it handles, for the search.
    """

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    mandate: str
    problems: tuple[str, ...]

    @property
    def short(self) -> str:
        """The beginning of the mandate, cut at a word."""
        if len(self.mandate) <= _SHORT_CHARS:
            return self.mandate
        return self.mandate[:_SHORT_CHARS].rsplit(" ", 1)[0].rstrip(",;:") + " …"


class Offices:
    """All offices of a region on a day, ordered by name, with bodies outside its authority last."""

    def __init__(self, region: Region, day: dt.date) -> None:
        found = [_office(region, agency) for agency in region.existing(day)]
        self.all = sorted(found, key=lambda office: (office.kind in OUTSIDE_KINDS, office.name))
        self._agencies = region.agencies
        self._by_code = {office.code: office for office in self.all}

    def of(self, code: str) -> Office | None:
        """Return the office with this code; ``None`` if there is none."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """Return an office's name, also of a former one; the code itself if the region never had it."""
        agency = self._agencies.get(code)
        return agency.name if agency else code

    @property
    def inside(self) -> list[Office]:
        """The offices that a complaint can be forwarded to."""
        return [office for office in self.all if office.kind not in OUTSIDE_KINDS]

    @property
    def outside(self) -> list[Office]:
        """The bodies outside the region's authority."""
        return [office for office in self.all if office.kind == "luar"]


def _office(region: Region, agency: Agency) -> Office:
    return Office(
        code=agency.code,
        name=agency.name,
        kind=agency.kind,
        aliases=agency.aliases,
        mandate=region.mandate_of(agency),
        problems=tuple(dict.fromkeys(problem.name for _, problem in region.problems_of(agency))),
    )

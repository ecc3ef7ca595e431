"""Region: everything local to one government, as one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.complaint import ALARMS, Kind
from pipeline.errors import RegionError
from pipeline.region.catalogue import Problem, Urusan
from pipeline.region.national import clock_of, time_zone
from pipeline.region.replies import Replies, national_replies
from pipeline.region.schema import (
    OUTSIDE_KINDS,
    PER_PLACE_KINDS,
    Agency,
    KindSla,
    Landmark,
    PlaceEntry,
    Sla,
    UrgencyCosts,
)

_OFFICE = "Pemerintah "  # precedes the word for desa in its office's name
SUPERVISED = "pengawasan"  # the deadline of complaints that the inspectorate handles


@dataclass(frozen=True)
class Region:
    """A regency or city: its agencies, places, deadlines and problem catalogue.

    Attributes
    ----------
    code
        Kemendagri code, for example ``32.16``; ``none`` where labels are taken as they are.
    agencies
        By code, past and present ones.
    places
        By code.
    sla, sla_by_kind
        Working days within which a message must be settled, by urgency and by kind; see :meth:`sla_working_days`.
    catalogue
        By urusan.
    urgency_costs
        The costs of calling a situation of one level another.
    answer_within
        Working days within which the citizen must have a first answer; ``None`` if there is no such rule.
    landmarks
        Estates, roads and markets that people name instead of the village.
    replies
        What citizens are told.
    priors
        How often complaints of an urusan come in, as weights, where the region or the base states them.
    alarm_shares
        Which share of an urusan's complaints is ``tinggi`` or ``darurat``, where that is stated.
    neighbours
        Codes of the regencies and cities that adjoin it.
    ordinary_names
        Names of its places that mean something else far more often.
    responders
        The urusan whose agencies act at once, by the danger that a complaint names.
    """

    code: str
    name: str
    province: str
    agencies: Mapping[str, Agency]
    places: Mapping[str, PlaceEntry]
    sla: Sla
    catalogue: Mapping[str, Urusan]
    sla_by_kind: KindSla
    urgency_costs: UrgencyCosts
    answer_within: int | None = None
    landmarks: tuple[Landmark, ...] = ()
    replies: Replies = field(default_factory=national_replies)
    priors: Mapping[str, float] = field(default_factory=dict)
    alarm_shares: Mapping[str, float] = field(default_factory=dict)
    neighbours: tuple[str, ...] = ()
    ordinary_names: tuple[str, ...] = ()
    responders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        """The time zone of its offices, for example ``Asia/Jayapura``, that of its province."""
        return time_zone(self.code)

    @property
    def clock(self) -> dt.tzinfo:
        """The clock that its days go by."""
        return clock_of(self.code)

    def existing(self, day: dt.date) -> list[Agency]:
        """Return the agencies that exist on ``day``."""
        return [agency for agency in self.agencies.values() if agency.exists_on(day)]

    def responsible(self, urusan: str, problem: str, day: dt.date) -> list[Agency]:
        """Return the agencies that handle a problem on ``day``; both hospitals handle all of ``rumah-sakit``.

        An agency that lists the problem itself (``permukiman/jalan-gang``) comes before those that list its urusan.
        If no existing agency lists either, the successors of those that did are responsible; without any, nobody.
        """
        agencies = self.agencies.values()
        listed = f"{urusan}/{problem}"
        listing = [agency for agency in agencies if listed in agency.urusan]
        listing = listing or [agency for agency in agencies if urusan in agency.urusan]
        if existing := [agency for agency in listing if agency.exists_on(day)]:
            return existing
        codes = dict.fromkeys(code for agency in listing for code in self.current(agency.code, day, listed))
        return [self.agencies[code] for code in codes if self.agencies[code].exists_on(day)]

    def handling(self, urusan: Iterable[str]) -> frozenset[str]:
        """Return the codes of the agencies, past and present ones, that list one of these urusan as a whole."""
        wanted = set(urusan)
        return frozenset(code for code, agency in self.agencies.items() if not wanted.isdisjoint(agency.urusan))

    def current(self, code: str, day: dt.date, problem: str = "") -> list[str]:
        """Return the agencies that act for the agency ``code`` on ``day``: itself, or its last successors.

        One that ended without a successor is returned, too: what was decided in its name keeps it.

        Parameters
        ----------
        problem
            The problem, as ``urusan/problem``; if an agency was divided, it goes to the part that lists the problem.

        Raises
        ------
        RegionError
            If the region has no such agency.
        """
        agency = self._agency(code)
        if agency.exists_on(day) or not agency.successor:
            return [code]
        successors: Sequence[str] = agency.successor
        for listed in (problem, problem.partition("/")[0]):
            if taking := [s for s in agency.successor if listed in self.agencies[s].urusan]:
                successors = taking
                break
        return list(dict.fromkeys(c for successor in successors for c in self.current(successor, day, problem)))

    def problems(self) -> Iterator[tuple[Urusan, Problem]]:
        """Yield every problem of the catalogue with its urusan."""
        for urusan in self.catalogue.values():
            for problem in urusan.problems:
                yield urusan, problem

    def problems_of(self, agency: Agency) -> Iterator[tuple[Urusan, Problem]]:
        """Yield the problems that an agency handles, listed singly or by their urusan, with that urusan."""
        for urusan, single in self._listed(agency):
            for problem in urusan.problems if single is None else (single,):
                yield urusan, problem

    def mandate_of(self, agency: Agency) -> str:
        """Return what an agency handles: mandates of urusan, names of single problems; empty if it lists nothing."""
        told = (urusan.mandate if single is None else f"{single.name}." for urusan, single in self._listed(agency))
        return " ".join(dict.fromkeys(told))

    def agency_named(self, label: str, on: dt.date | None = None) -> Agency | None:
        """Return the agency with this code, official name or alias, ignoring case; ``None`` if there is none.

        If a successor keeps its predecessor's name, the label means the one that existed when it was given. If that is
        not known, it means the ended one, whose labels are moved to its successors.

        Parameters
        ----------
        on
            The day on which the label was given.
        """
        named = self._by_label.get(normal_label(label), ())
        if on and (then := [agency for agency in named if agency.exists_on(on)]):
            return then[-1]
        moving = [agency for agency in named if agency.successor]
        return min(moving, key=_end, default=named[-1] if named else None)

    def is_shared(self, label: str) -> bool:
        """Tell whether several agencies had this label one after the other, so that its day matters."""
        return len(self._by_label.get(normal_label(label), ())) > 1

    @property
    def outside(self) -> frozenset[str]:
        """Codes that are not agencies of the region: bodies outside its authority, and what is not a complaint."""
        return frozenset(code for code, agency in self.agencies.items() if agency.kind in OUTSIDE_KINDS)

    def kind_of(self, code: str) -> str:
        """Return the kind of an agency.

        Raises
        ------
        RegionError
            If the region has no such agency.
        """
        return self._agency(code).kind

    def kind_name(self, kind: str) -> str:
        """Return the region's word for kecamatan, kelurahan or desa, from its office's name: in Papua *Distrik*."""
        own = self.agencies[kind].name.removeprefix(_OFFICE) if kind in self.agencies else ""
        return own if own.isalpha() else kind.capitalize()

    def place_told(self, kind: str, name: str, kecamatan: str) -> str:
        """Return a place as it is displayed: *Desa Wanasari, Kecamatan Cibitung*."""
        district = f"{self.kind_name('kecamatan')} {kecamatan}"
        return district if kind == "kecamatan" else f"{self.kind_name(kind)} {name}, {district}"

    def is_per_place(self, code: str) -> bool:
        """Tell whether ``code`` stands for a kind of office that exists once per place."""
        return code in self.agencies and self.agencies[code].kind in PER_PLACE_KINDS

    def sla_working_days(self, code: str, level: str, kind: str = Kind.PENGADUAN) -> int:
        """Return the working days within which this agency must settle a message of this kind and urgency.

        Danger comes before kind: emergencies and situations of high urgency have the days of their level. Any other
        message has those of its kind; complaints that the inspectorate handles are ``SUPERVISED``, which counts as a
        ``kind`` here.
        """
        agency = self.agencies.get(code)
        days: int = getattr(self.sla, level)
        if level not in ALARMS:
            supervised = kind == Kind.PENGADUAN and agency is not None and agency.kind == "inspektorat"
            days = getattr(self.sla_by_kind, SUPERVISED if supervised else kind.replace("-", "_"))
        own = agency.sla_working_days if agency else None
        return min(own, days) if own else days

    def _listed(self, agency: Agency) -> Iterator[tuple[Urusan, Problem | None]]:
        """Yield each urusan that an agency lists, with the problem if it lists only that one."""
        for listed in agency.urusan:
            name, _, problem = listed.partition("/")
            if urusan := self.catalogue.get(name):
                yield urusan, next((single for single in urusan.problems if single.id == problem), None)

    def _agency(self, code: str) -> Agency:
        try:
            return self.agencies[code]
        except KeyError:
            raise RegionError(
                f"Region {self.name} has no agency {code!r}.", mend="Add it to the region's agencies.csv."
            ) from None

    @cached_property
    def _by_label(self) -> dict[str, tuple[Agency, ...]]:
        labels: dict[str, tuple[Agency, ...]] = {}
        for agency in self.agencies.values():
            for label in dict.fromkeys(map(normal_label, agency.labels)):
                labels[label] = (*labels.get(label, ()), agency)
        return labels


def normal_label(label: str) -> str:
    """Return a label normalised for comparison: without case, and with single spaces."""
    return " ".join(label.casefold().split())


def _end(agency: Agency) -> dt.date:
    return agency.valid_to or dt.date.max

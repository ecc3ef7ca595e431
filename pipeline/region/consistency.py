"""Contradictions between the files of a region: unknown names, duplicates, and problems that nobody handles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.region.catalogue import Urusan
from pipeline.region.national import governments
from pipeline.region.region import normal_label
from pipeline.region.schema import Agency, Landmark, PlaceEntry, RegionSettings
from pipeline.region.sources import Located, Mistake

AgencyRows = Mapping[str, tuple[Located, Agency]]
PlaceRows = Mapping[str, tuple[Located, PlaceEntry]]
LandmarkRows = Sequence[tuple[Located, Landmark]]
CatalogueFiles = Mapping[str, tuple[Located, Urusan]]


@dataclass(frozen=True, slots=True)
class RegionFiles:
    """The entries read from a region's files, each with its place.

    Attributes
    ----------
    inherited
        All agencies of the national base, by code; none for a region that stands alone.
    agencies
        The region's own and those that it takes from the base, by code.
    places
        By code.
    catalogue
        By urusan.
    dangers
        Who responds to each in the national base, which names them all.
    """

    settings: tuple[Located, RegionSettings]
    inherited: AgencyRows
    agencies: AgencyRows
    places: PlaceRows
    landmarks: LandmarkRows
    catalogue: CatalogueFiles
    dangers: Mapping[str, Sequence[str]]


def contradictions(files: RegionFiles) -> Iterator[Mistake]:
    """Yield every mistake that only shows when several files are compared."""
    usual = {urusan: code for code, (_, agency) in files.inherited.items() for urusan in agency.urusan}
    here, settings = files.settings
    yield from _settings_mistakes(here, settings, files.inherited, files.catalogue, files.places)
    yield from _responder_mistakes(here, settings, files.catalogue, files.dangers)
    catalogue = {name: urusan for name, (_, urusan) in files.catalogue.items()}
    yield from _agency_mistakes(files.agencies, catalogue, usual, settings.without_urusan)
    yield from _label_mistakes(files.agencies)
    yield from _place_mistakes(files.places, settings.code)
    yield from _landmark_mistakes(files.landmarks, files.places)
    yield from _catalogue_mistakes(files.catalogue, set(settings.without_urusan))


def _settings_mistakes(
    here: Located, settings: RegionSettings, inherited: AgencyRows, catalogue: CatalogueFiles, places: PlaceRows
) -> Iterator[Mistake]:
    """Yield the names in ``region.yaml`` that don't exist."""
    if settings.code not in governments():
        yield here.mistake_under(["code"], f"code: {settings.code!r} is not the Kemendagri code of a regency or city")
    elif places and not any(_lies_in(code, settings.code) for code in places):
        yield here.mistake_under(["code"], f"code: {settings.code!r} does not match the codes in places.csv")
    for code in sorted(set(settings.without) - set(inherited)):
        yield here.mistake_under(["without"], f"without: the base has no agency {code!r}")
    urusan = {name for _, agency in inherited.values() for name in agency.urusan}
    for name in sorted(set(settings.without_urusan) - urusan) if inherited else ():
        yield here.mistake_under(["without_urusan"], f"without_urusan: the base has no urusan {name!r}")
    yield from _no_urusan(here, "priors", settings.priors, catalogue)
    yield from _no_urusan(here, "alarm_shares", settings.alarm_shares, catalogue)
    for name, share in settings.alarm_shares.items():
        if not 0 < share < 1:
            what = f"not a share between 0 and 1; write 3 % as 0.03 (found {share:g})"
            yield here.mistake_under(["alarm_shares", name], f"alarm_shares.{name}: {what}")
    for code in settings.neighbours:
        if code == settings.code or code not in governments():
            yield here.mistake_under(["neighbours"], f"neighbours: {code!r} is not another regency or city")
    for name in sorted(set(settings.ordinary_names) - {place.name for _, place in places.values()}):
        yield here.mistake_under(["ordinary_names"], f"ordinary_names: {name!r} is not a name in places.csv")


def _responder_mistakes(
    here: Located, settings: RegionSettings, catalogue: CatalogueFiles, dangers: Mapping[str, Sequence[str]]
) -> Iterator[Mistake]:
    """Yield the dangers and urusan in ``responders`` that don't exist."""
    for danger in sorted(set(settings.responders) - set(dangers)):
        what = f"responders: {danger!r} is not a danger; known dangers: {', '.join(dangers)}"
        yield here.mistake_under(["responders", danger], what)
    named = (name for names in settings.responders.values() for name in names)
    yield from _no_urusan(here, "responders", named, catalogue)


def _no_urusan(here: Located, setting: str, named: Iterable[str], catalogue: CatalogueFiles) -> Iterator[Mistake]:
    for name in sorted(set(named) - set(catalogue)):
        what = f"{setting}: {name!r} is not an urusan: the catalogue has no file {name}.yaml"
        yield here.mistake_under([setting, name], what)


def _agency_mistakes(
    agencies: AgencyRows, catalogue: Mapping[str, Urusan], usual: Mapping[str, str], left_out: Sequence[str]
) -> Iterator[Mistake]:
    """Yield the mistakes of agencies; ``usual`` has the agency of the national base for each urusan."""
    problems = {f"{name}/{problem.id}" for name, urusan in catalogue.items() for problem in urusan.problems}
    for code, (here, agency) in agencies.items():
        if agency.parent and agency.parent not in agencies:
            yield here.mistake(f"parent {agency.parent!r} of {code!r} is not an agency")
        for successor in agency.successor:
            if successor not in agencies:
                yield here.mistake(f"successor {successor!r} of {code!r} is not an agency")
        if agency.successor and agency.valid_to is None:
            yield here.mistake(f"{code!r} has a successor but no valid_to")
        if _leads_back(code, agencies):
            yield here.mistake(f"the successors of {code!r} lead back to it")
        for unknown in sorted(set(agency.urusan) - set(catalogue) - problems):
            mend = "put the office under without, or give it another urusan in agencies.csv"
            why = f"left out by without_urusan; {mend}" if unknown in left_out else "not in the catalogue"
            yield here.mistake(f"urusan {unknown!r} of {code!r} is {why}")
    handled = {name for _, agency in agencies.values() for name in agency.urusan}
    for nobody in sorted(set(catalogue) - handled):
        base = f", as {usual[nobody]!r} does in the national base" if nobody in usual else ""
        yield Mistake("agencies.csv", 0, f"no agency handles urusan {nobody!r}{base}")


def _label_mistakes(agencies: AgencyRows) -> Iterator[Mistake]:
    """Yield labels that name two agencies at the same time, with the line of the region's own file if possible."""
    named: dict[str, list[tuple[Located, Agency]]] = {}
    for here, agency in agencies.values():
        for label in {normal_label(label): label for label in reversed(agency.labels)}.values():
            for there, other in named.setdefault(normal_label(label), []):
                if agency.exists_with(other):
                    told = max(here, there, key=lambda place: (place.file == "agencies.csv", place.line))
                    yield told.mistake(
                        f"{label!r} names both {other.code!r} and {agency.code!r}, which exist at the same time"
                    )
            named[normal_label(label)].append((here, agency))


def _leads_back(code: str, agencies: AgencyRows) -> bool:
    seen: set[str] = set()
    ahead = list(agencies[code][1].successor)
    while ahead:
        successor = ahead.pop()
        if successor == code:
            return True
        if successor not in seen and successor in agencies:
            seen.add(successor)
            ahead += agencies[successor][1].successor
    return False


def _place_mistakes(places: PlaceRows, region: str) -> Iterator[Mistake]:
    """Yield places outside the region; if all of them are outside, the region's code is the mistake instead."""
    strange = {code for code in places if not _lies_in(code, region)}
    for code, (here, place) in places.items():
        if code in strange and len(strange) < len(places):
            yield here.mistake(f"{place.name} ({code}) is not in the region with the code {region!r}")
        if place.kind == "kecamatan":
            continue
        parent = places.get(place.kecamatan_code or "")
        if parent is None or parent[1].kind != "kecamatan":
            yield here.mistake(f"{place.kind} {place.name} ({code}) is not in any kecamatan of the file")
        elif not _lies_in(code, parent[1].code):
            told = f"has the code of another kecamatan than {parent[1].code!r}"
            yield here.mistake(f"{place.kind} {place.name} ({code}) {told}")


def _lies_in(code: str, where: str) -> bool:
    return code.startswith(f"{where}.")


def _landmark_mistakes(landmarks: LandmarkRows, places: PlaceRows) -> Iterator[Mistake]:
    named = {place.name.casefold() for _, place in places.values()}
    first: dict[str, int] = {}
    for here, landmark in landmarks:
        if landmark.place not in places:
            yield here.mistake(f"place {landmark.place!r} of {landmark.name!r} is not in places.csv")
        if landmark.name.casefold() in named:
            yield here.mistake(f"{landmark.name!r} is the name of a place in places.csv")
        for name in (landmark.name, *landmark.aliases):
            line = first.setdefault(name.casefold(), here.line)
            if line != here.line:
                yield here.mistake(f"{name!r} is already on line {line}")


def _catalogue_mistakes(catalogue: CatalogueFiles, left_out: set[str]) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for name, (here, urusan) in catalogue.items():
        for twice, count in Counter(problem.id for problem in urusan.problems).items():
            if count > 1:
                yield here.mistake_at(f"id: {twice}", f"problem id {twice!r} occurs {count} times")
        for problem in urusan.problems:
            for unknown in sorted(set(problem.confused_with) - set(catalogue) - left_out):
                yield here.mistake_at(f"id: {problem.id}", f"{problem.id}: confused_with {unknown!r} is not an urusan")
            for _, text in problem.texts:
                where = first.setdefault(text.casefold(), f"{name}/{problem.id}")
                if where != f"{name}/{problem.id}":
                    yield here.mistake_at(
                        f"id: {problem.id}", f"{problem.id}: a phrasing also occurs in {where}: {text[:40]!r}"
                    )

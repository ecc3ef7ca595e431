"""Loading a region's folder, and checking it, with the same code."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from pipeline.errors import RegionError
from pipeline.region.catalogue import Urusan
from pipeline.region.consistency import RegionFiles, contradictions
from pipeline.region.national import BASE
from pipeline.region.region import Region
from pipeline.region.replies import FILE, read_replies
from pipeline.region.schema import Agency, Landmark, PlaceEntry, RegionSettings, UrgencyCosts
from pipeline.region.sources import Located, Mistake, Sources

REGIONS = Path(__file__).parent
_FILES = ("region.yaml", "agencies.csv", "places.csv", "landmarks.csv", FILE)
_TABLES_AND_DOCUMENTS = {".csv", ".yaml", ".yml", ".xls", ".xlsx"}  # files that somebody may expect to be read

Coded = TypeVar("Coded", Agency, PlaceEntry)


def load_region(folder: str | Path) -> Region:
    """Load a region.

    Parameters
    ----------
    folder
        A region's folder, or the name of one that ships with Disposisi, such as ``kab_bekasi``.

    Raises
    ------
    RegionError
        If the folder is missing or has mistakes; ``check_region`` lists them all.
    """
    path = find_region(folder)
    region, mistakes = _read(path)
    if region is None:
        more = f" and {len(mistakes) - 1} more" if len(mistakes) > 1 else ""
        raise RegionError(
            f"Region {path} has mistakes: {mistakes[0]}{more}.", mend=f"See all with: disposisi region check {path}"
        )
    return region


def check_region(folder: str | Path) -> list[Mistake]:
    """Return every mistake of a region's folder, by file and line; an empty list if it is in order.

    A file that is never read counts as a mistake, although the region can still be loaded.

    Raises
    ------
    RegionError
        If there is no such folder.
    """
    path = find_region(folder)
    return sorted((*_read(path)[1], *_unread(path)))


def find_region(folder: str | Path) -> Path:
    """Return the path of a region's folder, given as a path or as the name of a built-in region.

    Raises
    ------
    RegionError
        If there is no such folder.
    """
    for path in (Path(folder), REGIONS / str(folder)):
        if path.is_dir():
            return path
    raise RegionError(
        f"There is no region folder {str(folder)!r}.",
        mend="Give a folder, or one of: " + ", ".join(shipped_regions()) + "; disposisi region new CODE makes one.",
    )


def shipped_regions() -> list[str]:
    """Return the names of the built-in regions."""
    return sorted(path.parent.name for path in REGIONS.glob("*/region.yaml") if path.parent != BASE)


def region_of_labels(labels: list[str]) -> Region:
    """Return the region ``none``: its agencies are the labels of the data, without places, with national deadlines.

    Raises
    ------
    RegionError
        If the national base is damaged.
    """
    sources = Sources(BASE)
    base = _base_settings(sources)
    if not (base and base.sla_working_days and base.sla_by_kind and base.urgency_costs):
        raise RegionError(f"The national base {BASE} cannot be read.", mend="Install Disposisi again.")
    agencies = {label: Agency.model_construct(code=label, kind="dinas", name=label) for label in sorted(set(labels))}
    return Region(
        code="none",
        name="tanpa wilayah",
        province="",
        agencies=agencies,
        places={},
        sla=base.sla_working_days,
        catalogue={},
        sla_by_kind=base.sla_by_kind,
        urgency_costs=base.urgency_costs,
    )


@cache
def national_costs() -> UrgencyCosts:
    """Return the costs of misjudging urgency for regions that don't set their own."""
    return region_of_labels([]).urgency_costs


def _read(folder: Path) -> tuple[Region | None, list[Mistake]]:
    sources = Sources(folder)
    found = next(sources.document(folder / "region.yaml", RegionSettings), None)
    if found is None:
        _read_alone(sources)
        return None, sources.mistakes
    inherits = found[1].extends == "base"
    base = _base_settings(sources)
    settings = _with_inherited(found[1], base)
    inherited = _by_code(sources.table(BASE / "agencies.csv", Agency), sources) if inherits else {}
    agencies = {code: row for code, row in inherited.items() if code not in settings.without}
    agencies.update(_by_code(sources.table(folder / "agencies.csv", Agency), sources))
    places = _by_code(sources.table(folder / "places.csv", PlaceEntry), sources)
    landmarks = _read_landmarks(sources)
    catalogue = _read_catalogue(sources, [BASE, folder] if inherits else [folder], settings.without_urusan)
    sla, sla_by_kind, costs = settings.sla_working_days, settings.sla_by_kind, settings.urgency_costs
    if sla is None:
        sources.mistakes.append(Mistake("region.yaml", 0, "sla_working_days: missing"))
    replies = read_replies(sources, folder, {code: agency for code, (_, agency) in agencies.items()})
    if sources.table_lost:
        return None, sources.mistakes
    sources.mistakes += contradictions(
        RegionFiles(found, inherited, agencies, places, landmarks, catalogue, base.responders if base else {})
    )
    if sources.mistakes or sla is None or sla_by_kind is None or costs is None:
        return None, sources.mistakes
    region = Region(
        code=settings.code,
        name=settings.name,
        province=settings.province,
        agencies={code: agency for code, (_, agency) in agencies.items()},
        places={code: place for code, (_, place) in places.items()},
        sla=sla,
        catalogue={name: urusan for name, (_, urusan) in catalogue.items()},
        landmarks=tuple(landmark for _, landmark in landmarks),
        replies=replies,
        priors=settings.priors,
        alarm_shares=settings.alarm_shares,
        neighbours=settings.neighbours,
        ordinary_names=settings.ordinary_names,
        sla_by_kind=sla_by_kind,
        urgency_costs=costs,
        answer_within=settings.answer_within,
        responders=settings.responders,
    )
    return region, []


def _with_inherited(own: RegionSettings, base: RegionSettings | None) -> RegionSettings:
    """Return a region's settings, with those of the base where it states none.

    Deadlines by kind are national law, and costs a national default: a region that inherits nothing has them too.
    """
    if base is None:
        return own
    stated: dict[str, object] = {
        "sla_by_kind": own.sla_by_kind or base.sla_by_kind,
        "urgency_costs": own.urgency_costs or base.urgency_costs,
    }
    if own.extends == "base":
        stated["sla_working_days"] = own.sla_working_days or base.sla_working_days
        stated["priors"] = {**base.priors, **own.priors}
        stated["alarm_shares"] = {**base.alarm_shares, **own.alarm_shares}
        stated["responders"] = {**base.responders, **own.responders}
    return own.model_copy(update=stated)


def _read_alone(sources: Sources) -> None:
    """Find the mistakes in the other files, which can be reported even if ``region.yaml`` has mistakes."""
    deque(sources.table(sources.folder / "agencies.csv", Agency), maxlen=0)
    deque(sources.table(sources.folder / "places.csv", PlaceEntry), maxlen=0)
    _read_landmarks(sources)
    _read_catalogue(sources, [sources.folder])


def _read_landmarks(sources: Sources) -> list[tuple[Located, Landmark]]:
    path = sources.folder / "landmarks.csv"
    return list(sources.table(path, Landmark)) if path.exists() else []


def _read_catalogue(
    sources: Sources, folders: Iterable[Path], without: Sequence[str] = ()
) -> dict[str, tuple[Located, Urusan]]:
    """Return the catalogue's files by urusan; files of later folders replace those of earlier ones."""
    catalogue: dict[str, tuple[Located, Urusan]] = {}
    for folder in folders:
        for path in sorted((folder / "catalogue").glob("*.yaml")):
            if path.stem not in without:
                catalogue.update((urusan.urusan, (here, urusan)) for here, urusan in sources.document(path, Urusan))
    return catalogue


def _unread(folder: Path) -> Iterator[Mistake]:
    """Yield the tables and documents of a folder whose names are never read, such as ``landmark.csv``."""
    read = {*(folder / name for name in _FILES), *(folder / "catalogue").glob("*.yaml")}
    for path in {*folder.glob("[!.~]*"), *folder.glob("*/[!.~]*")} - read:
        if path.suffix.lower() in _TABLES_AND_DOCUMENTS:
            there = f"known are {', '.join(_FILES)} and catalogue/*.yaml"
            yield Mistake(str(path.relative_to(folder)), 0, f"a file of this name is never read; {there}")


def _by_code(found: Iterable[tuple[Located, Coded]], sources: Sources) -> dict[str, tuple[Located, Coded]]:
    """Return the rows of a file by code; a duplicate code is a mistake."""
    rows: dict[str, tuple[Located, Coded]] = {}
    for here, entry in found:
        if entry.code in rows:
            sources.mistakes.append(here.mistake(f"code {entry.code!r} is already on line {rows[entry.code][0].line}"))
        else:
            rows[entry.code] = (here, entry)
    return rows


def _base_settings(sources: Sources) -> RegionSettings | None:
    return next((entry for _, entry in sources.document(BASE / "region.yaml", RegionSettings)), None)

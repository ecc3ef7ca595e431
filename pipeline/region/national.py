"""The places of the whole country, from the files that ship with the national base (their licence: base/PLACES.md)."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from pipeline.clock import CLOCKS
from pipeline.errors import RegionError
from pipeline.region.mentions import MIN_SIMILARITY
from pipeline.region.schema import PlaceEntry, PlaceKind

BASE = Path(__file__).parent / "base"
_REGENCY_CHARS = len("32.16")
_MOST_MEANT = 9  # regencies and cities that an error lists; more may share a part of their names
_DISTRICT_CHARS = len("32.16.01")
_NO_PROVINCE = {"timezone": "Asia/Jakarta", "kecamatan": "", "desa": ""}
_KELURAHAN_DIGIT = "1"  # first of the last four digits; desa have 2 (Permendagri 72/2019)


@cache
def _names() -> dict[str, str]:
    """Return the names down to kecamatan by code: a twelfth of all places, and enough for answering."""
    rows = (BASE / "kecamatan.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.split(",", 1) for row in rows)  # no name has a comma (tests/pipeline/region/test_new.py)


@cache
def _all_names() -> dict[str, str]:
    # Takes a tenth of a second, mostly for pyarrow.
    import pyarrow.parquet as pq  # noqa: PLC0415

    # pq.read_table would import pyarrow.dataset, and with it pandas if installed: a second.
    table = pq.ParquetFile(BASE / "places.parquet").read()
    return dict(zip(table["code"].to_pylist(), table["name"].to_pylist(), strict=True))


def regency_name(code: str) -> str:
    """Return the name of a regency or city.

    Raises
    ------
    RegionError
        If no regency or city has this code.
    """
    name = _names().get(code)
    if name is None or len(code) != _REGENCY_CHARS:
        raise RegionError(f"{code!r} is not the Kemendagri code of a regency or city.", mend=_meant(code))
    return name


def _meant(given: str) -> str:
    """Return the codes that a name, or a code written otherwise, may mean; if none or many, what codes look like."""
    wanted = _plain(given)
    names = {code: _plain(name) for code, name in governments().items() if len(code) == _REGENCY_CHARS}
    found = [
        code
        for code, name in names.items()
        if wanted in name or wanted == code.replace(".", "") or wanted.startswith(f"{code}.")
    ]
    if not found:  # a wrong letter
        bare = {code: re.sub("^(kabupaten|kota)", "", name) for code, name in names.items()}
        similar = [
            match
            for spelled in (names, bare)
            for match in process.extract(wanted, spelled, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, limit=None)
        ]
        best = max((score for _, score, _ in similar), default=0)
        found = sorted({code for _, score, code in similar if score == best})
    if 0 < len(found) <= _MOST_MEANT:
        return f"Did you mean {', '.join(f'{code} ({governments()[code]})' for code in found)}?"
    return "Codes look like 35.78 (Kota Surabaya)."


def _plain(name: str) -> str:
    """Return a name in small letters without blanks, *Kab. Gowa* as *kabupatengowa*."""
    return "".join(re.sub(r"^kab(\.\s*|\s+)", "kabupaten", name.strip().casefold()).split())


def province_name(code: str) -> str:
    """Return the name of the province that a regency belongs to."""
    return _names()[code[:2]]


def time_zone(code: str) -> str:
    """Return the time zone of a regency or city, for example ``Asia/Jayapura``; Jakarta's for an unknown code."""
    return _customs(code)["timezone"]


def clock_of(code: str) -> dt.tzinfo:
    """Return the clock of a regency or city; Jakarta's for what is none."""
    return CLOCKS[time_zone(code)]


def called_there(code: str) -> dict[str, tuple[str, str]]:
    """Return the province's own words for kecamatan and desa and their heads, if it has any."""
    customs = _customs(code)
    heads = {"kecamatan": "camat", "desa": "kades"}
    return {kind: (customs[kind], customs[head]) for kind, head in heads.items() if customs[kind]}


def _customs(code: str) -> dict[str, str]:
    """Return the row of a regency or city that differs from its province, or else the row of the province."""
    return _provinces().get(code) or _provinces().get(code[:2], _NO_PROVINCE)


@cache
def _provinces() -> dict[str, dict[str, str]]:
    table = (BASE / "provinces.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(table.splitlines())}


def places_of(code: str) -> list[PlaceEntry]:
    """Return the kecamatan, kelurahan and desa of a regency or city, by code."""
    regency_name(code)
    return [_entry(place, name) for place, name in _all_names().items() if place.startswith(f"{code}.")]


@cache
def governments() -> dict[str, str]:
    """Return the names of all provinces, regencies and cities, by code."""
    return {code: name for code, name in _names().items() if len(code) <= _REGENCY_CHARS}


@cache
def kecamatan_elsewhere(code: str) -> tuple[tuple[str, str], ...]:
    """Return (kecamatan, regency or city) of the rest of the province, for complaints about other places."""
    province = code[:2]
    return kecamatan_of(other for other in governments() if other[:2] == province and not other.startswith(code))


def kecamatan_of(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (kecamatan, regency or city) of the regencies and cities with these codes."""
    names, of = _names(), frozenset(codes)
    return tuple(
        (name, names[place[:_REGENCY_CHARS]])
        for place, name in names.items()
        if len(place) == _DISTRICT_CHARS and place[:_REGENCY_CHARS] in of
    )


def _entry(code: str, name: str) -> PlaceEntry:
    if len(code) == _DISTRICT_CHARS:
        return PlaceEntry(code=code, kind="kecamatan", name=name)
    last = code[_DISTRICT_CHARS + 1 :]
    kind: PlaceKind = "kelurahan" if last.startswith(_KELURAHAN_DIGIT) else "desa"
    return PlaceEntry(code=code, kind=kind, name=name, kecamatan_code=code[:_DISTRICT_CHARS])

"""What the labels of past complaints mean today."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.region import Region
from pipeline.region.region import normal_label
from pipeline.text import mask

SHOWN_CHARS = 60  # of a label: the length of an agency's name
SHOWN_WORDS = 9  # of a label in an error; no agency of the built-in regions that fits in SHOWN_CHARS has more
NOT_QUOTED = "of the name given, which reads like a complaint; --text and --agency may be swapped"

_PER_PLACE = {
    "kecamatan": "Kecamatan", "kec.": "Kecamatan", "kec": "Kecamatan",
    "kelurahan": "Kelurahan", "kel.": "Kelurahan", "kel": "Kelurahan",
    "desa": "Desa",
}  # fmt: skip

_OFFICE = re.compile(
    r"(?:badan|bagian|balai|bidang|dinas|direktorat|inspektorat|kantor|kementerian|lembaga|perusahaan|rumah sakit|"
    r"satuan|sekretariat|unit|uptd?)\b",
    re.IGNORECASE,
)
_OFFICE_WORDS = 16  # of a label that begins with one of these
_SENTENCE = re.compile(r"[?!;\n]|\w{5}\.\s")  # a point after a longer word; "Kec. Setu" and "Prov. Jabar" are names


def code_of_label(region: Region, label: str, on: dt.date | None = None) -> str | None:
    """Return the code of the agency that a label names, ``None`` if the region has none.

    ``Kecamatan Tambun Selatan`` is the class ``kecamatan``: offices that exist once per place are one class. And
    ``Dinas Perhubungan Kab. Bekasi`` names ``Dinas Perhubungan`` in Kabupaten Bekasi, and no agency in Kota Bekasi.

    Parameters
    ----------
    on
        The day of the complaint, if known: it decides between agencies that had the same label at different times.
    """
    found = (region.agency_named(name, on) for name in _names(label, region.name))
    return next((agency.code for agency in found if agency), None)


def _names(label: str, region: str) -> Iterator[str]:
    """Yield the possible names of the agency of a label, the most likely first."""
    yield label
    words = normal_label(label)
    yield from (words.removesuffix(name).rstrip(" ,") for name in _own_names(region) if words.endswith(name))
    if kind := per_place_kind(label):
        yield kind


@lru_cache
def _own_names(region: str) -> tuple[str, ...]:
    """Return the forms in which a region's name may follow the name of its agency."""
    kind, _, name = normal_label(region).partition(" ")
    kinds = ("kabupaten ", "kab. ", "kab.", "kab ") if kind == "kabupaten" else (f"{kind} ",)
    return tuple(f" {whose}{kind}{name}" for whose in ("pemerintah ", "") for kind in kinds)


def per_place_kind(label: str) -> str | None:
    """Return the kind of an office that exists once per place, ``None`` if the label names none.

    Examples
    --------
    >>> per_place_kind("KECAMATAN TAMBUN SELATAN")
    'Kecamatan'
    """
    kind, *place = label.casefold().split() or [""]
    return _PER_PLACE.get(kind) if place else None


def acting_for(region: Region, label: str, day: dt.date, on: dt.date | None = None) -> tuple[str, ...]:
    """Return the codes of the agencies that act on ``day`` for the one that a label names; none if it is unknown.

    There are several if the agency was divided. ``on`` is the day the label was given, if known.
    """
    code = code_of_label(region, label, on)
    return tuple(region.current(code, day)) if code else ()


@lru_cache(maxsize=10_000)
def shown_label(label: str) -> str:
    """Return an unknown label as messages and reports may show it: masked and shortened.

    A column that was detected by its name alone may contain what citizens write.
    """
    masked = mask(" ".join(label.replace("\x00", " ").split()))
    return masked if len(masked) <= SHOWN_CHARS else f"{masked[: SHOWN_CHARS - 1]}…"


def may_quote(label: str) -> bool:
    """Tell whether an error may quote an unknown label: it is as long as a name, and has no marks of a sentence.

    Names of offices, which begin with one of a few words, may be longer than others.

    Examples
    --------
    >>> may_quote("Dinas Sumber Daya Air, Bina Marga dan Bina Konstruksi")
    True
    >>> may_quote("Lampu jalan mati! Tolong diperbaiki")
    False
    """
    words = label.split()
    is_short = len(" ".join(words)) <= SHOWN_CHARS and len(words) <= SHOWN_WORDS
    is_office = begins_like_an_office(label) and len(words) <= _OFFICE_WORDS
    return (is_short or is_office) and not _SENTENCE.search(label.strip())


def begins_like_an_office(label: str) -> bool:
    """Tell whether a label begins with a word like Dinas or Kantor."""
    return _OFFICE.match(label.strip()) is not None


def is_swapped(region: Region, label: str, text: str) -> bool:
    """Tell whether the column of an unknown label is rather that of the texts.

    It is if the text names an agency, or if both are the same.
    """
    return normal_label(label) == normal_label(text) or code_of_label(region, text) is not None

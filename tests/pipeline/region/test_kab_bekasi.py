"""The bundled region Kabupaten Bekasi."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest

from pipeline.region import Region, check_region

TODAY = dt.date(2026, 11, 24)
BUSIEST = (
    "sdabmbk dishub dlh disperkimtan disdik dinkes dinsos disdukcapil pdam disnaker satpolpp kecamatan kelurahan desa "
    "bpbd damkar disdag dpmptsp bapenda dpmd inspektorat luar-pln luar-polisi luar-pusat luar-provinsi"
).split()


def test_the_shipped_regions_have_no_mistakes() -> None:
    assert check_region("kab_bekasi") == []
    assert check_region("kota_surabaya") == []


def test_its_places_are_those_of_the_regency(bekasi: Region) -> None:
    kinds = Counter(place.kind for place in bekasi.places.values())
    assert kinds == {"kecamatan": 23, "kelurahan": 8, "desa": 179}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Dinas Perhubungan", "dishub"),
        ("DISHUB", "dishub"),
        ("dinas  pemadam kebakaran", "damkar"),
        ("PDAM", "pdam"),
        ("RSUD Cabangbungin", "rsud-cabangbungin"),
        ("Dinas Entah", None),
    ],
)
def test_agencies_are_found_by_code_name_and_alias(bekasi: Region, label: str, code: str | None) -> None:
    found = bekasi.agency_named(label)
    assert (found.code if found else None) == code


def test_the_catalogue_is_as_large_as_promised(bekasi: Region) -> None:
    problems = [problem for _, problem in bekasi.problems()]
    phrasings = {text.casefold() for problem in problems for _, text in problem.texts}
    assert len(problems) >= 350
    assert len(phrasings) >= 4000


@pytest.mark.parametrize("code", BUSIEST)
def test_each_of_the_busiest_offices_has_twelve_problems(bekasi: Region, code: str) -> None:
    problems = [problem for urusan in bekasi.agencies[code].urusan for problem in bekasi.catalogue[urusan].problems]
    assert len(problems) >= 12


@pytest.mark.parametrize(
    ("subject", "urusan"),
    [
        ("MBG", "luar-pusat"),
        ("SPMB SMA", "luar-provinsi"),
        ("pemekaran RW", "setda-tapem"),
        ("biawak", "kebakaran"),
        ("rob", "sumber-daya-air"),
        ("sound horeg", "ketertiban"),
    ],
)
def test_the_catalogue_tells_of_it_more_than_once(bekasi: Region, subject: str, urusan: str) -> None:
    texts = [text for problem in bekasi.catalogue[urusan].problems for _, text in problem.texts]
    assert sum(bool(re.search(rf"\b{subject}\b", text, re.IGNORECASE)) for text in texts) >= 2


def test_the_base_catalogue_names_no_region_of_its_own(bekasi: Region) -> None:
    own = re.compile(r"\b(bekasi|jabar|jawa barat|surabaya|jawa timur)\b", re.IGNORECASE)
    assert not [text for _, problem in bekasi.problems() for _, text in problem.texts if own.search(text)]


def test_every_agency_has_a_problem_and_every_urusan_an_agency(bekasi: Region) -> None:
    assert all(agency.urusan for agency in bekasi.agencies.values())
    assert all(bekasi.responsible(urusan.urusan, problem.id, TODAY) for urusan, problem in bekasi.problems())

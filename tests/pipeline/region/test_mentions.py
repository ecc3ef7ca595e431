"""Mentions of places: the words before and after a name, and spelling variants."""

from __future__ import annotations

import pytest

from pipeline.region.mentions import _LEADS, Lead, Mention, NameIndex, Tail
from pipeline.text import tokenise

NAMES = ("Sukadami", "Karangsari", "Karangasih", "Setu", "Bahagia", "Tambun Selatan")


@pytest.fixture(scope="module")
def index() -> NameIndex[str]:
    return NameIndex([(name, name) for name in NAMES], own=["bekasi"], misspelt=NAMES)


def mentions(index: NameIndex[str], text: str) -> list[Mention[str]]:
    return list(index.mentions(text, tokenise(text)))


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Desa Setu", Lead.KIND),
        ("kades Setu", Lead.KIND),
        ("warga Setu", Lead.LOCAL),
        ("Setu", Lead.START),
        ("jalan rusak, Setu", Lead.ROAD),
        ("Jalan Melati Raya Indah Permai Blok Timur, Setu", Lead.ALLEY),
        ("Gang Melati 2, Setu", Lead.ALLEY),
        ("Kp Utan RT 01/02, Setu", Lead.ALLEY),
        ("Jalan Melati yang lama sekali belum diaspal, Setu", Lead.ROAD),
        ("Jalan Melati sudah lama sekali belum juga diaspal lagi oleh dinas, Setu", Lead.START),  # too far back
        ("dekat Setu", Lead.NEAR),
        ("jalan Setu", Lead.STREET),
        ("jalan raya Setu", Lead.STREET),
        ("jalan nomor Setu", Lead.STREET),
        ("SDN 1 Setu", Lead.BUILDING),
        ("Puskesmas Setu", Lead.OFFICE),
        ("SMA negeri Setu", Lead.BUILDING),
        ("kantor desa, Setu", Lead.START),
        ("perumahan Setu", Lead.HOUSING),
        ("arah Setu", Lead.TOWARDS),
        ("kemarin Setu", Lead.OTHER),
        ("lewat jalan, Setu", Lead.ROAD),  # a comma separates a name from its kind
        ("banjir di\nSetu", Lead.START),
    ],
)
def test_what_stands_before_a_name_tells_what_it_names(index: NameIndex[str], text: str, lead: Lead) -> None:
    (found,) = mentions(index, text)
    assert found.lead is lead
    assert found.kind == ("desa" if lead is Lead.KIND else None)


def test_every_word_that_tells_what_a_name_names_is_known_as_it_is_typed(index: NameIndex[str]) -> None:
    for lead, words in _LEADS.items():
        told = {word: mentions(index, f"rusak {word} Setu")[0].lead for word in words.split()}
        assert told == dict.fromkeys(told, lead)


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("di Setu", Tail.CLOSED),
        ("di Setu, banjir", Tail.CLOSED),
        ("di Setu Bekasi", Tail.PARENT),
        ("di Setu, Kab. Bekasi", Tail.PARENT),
        ("di Setu Indah", Tail.LONGER),
        ("di Setu 2", Tail.LONGER),
        ("di Setu Mulya", Tail.LONGER),
        ("di Setu Kencana", Tail.CAPITAL),
        ("DI SETU KENCANA", Tail.OPEN),  # all capitals mean nothing
        ("di Setu banjir", Tail.OPEN),
        ("di Setu 3 hari banjir", Tail.OPEN),  # the number is a quantity, not part of a name
        ("di Setu 50 kk kebanjiran", Tail.OPEN),
        ("di Setu 2 blok C", Tail.LONGER),
        ("di Setu (banjir", Tail.OPEN),
    ],
)
def test_what_stands_behind_a_name_tells_whether_it_goes_on(index: NameIndex[str], text: str, tail: Tail) -> None:
    (found,) = mentions(index, text)
    assert found.tail is tail


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("desa Sukadammi", "Sukadami"),
        ("desa Tambun Selatann", "Tambun Selatan"),
        ("di Sukadammi", None),  # only after a word that announces a village
        ("desa Setuu", None),  # a typo in so short a name gives another name
        ("desa Sukadana", None),
        ("desa Karangasri", None),  # as close to Karangsari as to Karangasih
    ],
)
def test_a_name_with_a_wrong_letter_is_known_where_it_can_be_no_other(
    index: NameIndex[str], text: str, name: str | None
) -> None:
    assert [found.candidates for found in mentions(index, text)] == ([(name,)] if name else [])


def test_a_word_of_the_dictionary_is_no_slip_of_a_name() -> None:
    index = NameIndex([("Sejahtere", "Sejahtere")], misspelt=["Sejahtere"])
    assert mentions(index, "desa sejahtera") == []
    assert len(mentions(index, "desa sejahters")) == 1

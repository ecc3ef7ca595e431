"""Dangers in the words that citizens use, and what only sounds like one; judged by the dangers alone, without any model."""

from __future__ import annotations

import pytest

from pipeline.complaint import Level
from pipeline.text import tokenise
from pipeline.urgency import danger_finder

_PERSONS = (
    "dede ponakan nyokap bokap sodara sepupu teteh akang abah umi babeh enyak pakde bude abang ojol kurir kuli mandor "
    "pembantu bocil menantu mahasiswi security ustad ustadz mamang paman uwak encing mpok mamah mama papa om tante ipar "
    "karyawati lelaki aku bule montir janda anak2 bapak2 mas2"
).split()
_HAPPENS = (
    "{} tenggelam di kali belum ketemu",
    "{} sesak napas parah",
    "{} hanyut kebawa arus",
    "{} terkunci di dalam lift",
    "{} ga gerak di pinggir jalan",
)


def _levels(text: str) -> set[Level | None]:
    return {sign.level for sign in danger_finder().find(text, tokenise(text))}


def _is_emergency(text: str) -> bool:
    return Level.DARURAT in _levels(text)


@pytest.mark.parametrize("person", [*_PERSONS, "pak haji", "pak rt", "mertua sy"])
def test_whatever_a_person_is_called_what_happens_to_him_counts(person: str) -> None:
    # Of an officer who does not move the citizen complains.
    happens = _HAPPENS[:-1] if person == "pak rt" else _HAPPENS
    assert [text for happening in happens if not _is_emergency(text := happening.format(person))] == []


@pytest.mark.parametrize(
    "text",
    [
        "warga resah tutup got hilang",
        "pak rt, penutup selokan hilang dicuri",
        "pak rt tidak bergerak mengatasi sampah",
        "satpam dan security perumahan tidak bergerak menertibkan parkir",
        "om, pompa air di kali hilang",
        "kurir ga respon, paket saya hilang",
        "mama saya mau bikin ktp hilang",
        "bocil kebut-kebutan tiap malam",
        "jalan haji umi rusak",
        "abang tukang sampah belum datang dari kemarin",
    ],
)
def test_a_person_alone_makes_no_emergency(text: str) -> None:
    assert not _is_emergency(text)

"""Duplicate complaints count once, and are never divided between folds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from pipeline.complaint import Complaint, Level
from training.data import Labelled
from training.duplicates import fold_groups, without_repeats

LAMP = Labelled(Complaint("Lampu jalan  mati"), "dishub")
AGAIN = Labelled(Complaint("LAMPU jalan mati\n"), "dishub")
KNOWN: dict[str, Any] = {
    "urgency": Level.RENDAH,
    "problem": "perhubungan/pju-mati",
    "created_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "district": "Setu",
}
OTHER: dict[str, Any] = {
    "urgency": Level.TINGGI,
    "problem": "perhubungan/rambu-rusak",
    "created_at": dt.datetime(2026, 2, 2, tzinfo=dt.UTC),
    "district": "Babelan",
}


def test_of_copies_the_first_stays_with_what_any_of_them_tells_the_first_word_counting() -> None:
    for name, value in KNOWN.items():
        told, otherwise = {name: value}, {name: OTHER[name]}
        assert without_repeats([LAMP, replace(AGAIN, **told)]) == [replace(LAMP, **told)]
        assert without_repeats([replace(LAMP, **told), AGAIN]) == [replace(LAMP, **told)]
        assert without_repeats([replace(LAMP, **told), replace(AGAIN, **otherwise)]) == [replace(LAMP, **told)]


def test_one_text_of_two_addresses_or_agencies_is_no_copy() -> None:
    elsewhere = replace(LAMP, complaint=Complaint(LAMP.complaint.text, address="Setu"))
    rows = [LAMP, elsewhere, replace(LAMP, agency="dlh")]
    assert without_repeats([*rows, *rows]) == rows


def test_copies_share_a_fold_whatever_their_agency_and_phrasings_of_one_origin_do() -> None:
    bin_ = Labelled(Complaint("Sampah menumpuk"), "dlh")
    groups = fold_groups([LAMP, bin_, replace(AGAIN, agency="dlh"), replace(bin_, group="origin")])
    assert groups is not None
    assert groups[0] == groups[2]
    assert len({*groups}) == 3
    assert groups[3] == "origin"
    assert fold_groups([LAMP, bin_]) is None

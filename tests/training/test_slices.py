"""Figures by slice on complaints with known differences."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from pipeline.complaint import Complaint
from training.data import Labelled
from training.slices import class_drift, slang_share, slice_figures

LONG = "lampu penerangan jalan umum di depan balai warga sudah tidak menyala selama dua minggu penuh"


def row(number: int, *, text: str = LONG, agency: str = "dishub", district: str | None = None) -> Labelled:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number)
    return Labelled(Complaint(text), agency, created_at=day, district=district)


def test_a_district_that_is_served_worse_stands_out_with_its_gap() -> None:
    rows = [row(0, district="Utara" if i < 100 else "Selatan") for i in range(300)]
    hits = np.array([i % 2 == 0 if i < 100 else i % 10 > 0 for i in range(300)])
    figures = {each.name: each for each in slice_figures(rows, hits) if each.aspect == "district"}
    assert figures["Utara"].rows == 100
    assert figures["Utara"].top1.value == pytest.approx(0.5)
    assert figures["Utara"].gap.value == pytest.approx(-0.4)
    assert figures["Utara"].gap.high < 0 < figures["Selatan"].gap.low


def test_equal_service_leaves_zero_in_the_interval() -> None:
    rows = [row(0, district="Utara" if i % 3 else "Selatan") for i in range(300)]
    figures = slice_figures(rows, np.arange(300) % 5 > 0)
    assert [each.gap.low <= 0 <= each.gap.high for each in figures] == [True, True]


def test_a_few_complaints_that_are_all_right_prove_no_better_service() -> None:
    rows = [row(0, district="Utara" if i < 20 else "Selatan") for i in range(1020)]
    hits = np.arange(1020) % 20 > 0  # 95 % are right, so 20 of 20 is quite likely by chance
    hits[:20] = True
    north = next(each for each in slice_figures(rows, hits) if each.name == "Utara")
    assert north.top1.value == 1
    assert north.top1.low < 0.85
    assert north.gap.low < 0 < north.gap.high
    hits[:20] = False
    north = next(each for each in slice_figures(rows, hits) if each.name == "Utara")
    assert 0 < north.top1.high < 0.2
    assert north.gap.high < -0.7


def test_small_districts_are_joined_and_every_complaint_counts_once_in_each_aspect() -> None:
    rows = [row(i // 3, district=f"D{i % 4}" if i < 120 else f"kecil {i}") for i in range(150)]
    figures = slice_figures(rows, np.ones(150, dtype=bool))
    districts = [each for each in figures if each.aspect == "district"]
    assert [each.name for each in districts] == ["D0", "D1", "D2", "D3", "others"]
    assert sum(each.rows for each in districts) == 150
    assert [each.name for each in figures if each.aspect == "month"] == ["2026-01", "2026-02"]


def test_lengths_and_slang_stand_in_the_order_of_their_bins() -> None:
    short, shorthand = "lampu jalan mati", "lmpu jln dmn2 mati udh lama bgt gk ada yg benerin tlg pak " * 2
    rows = [row(0, text=text) for text in (short, LONG, shorthand) for _ in range(30)]
    figures = slice_figures(rows, np.ones(90, dtype=bool))
    assert [each.name for each in figures if each.aspect == "length"] == ["to 10 words", "11-30 words"]
    assert [each.name for each in figures if each.aspect == "slang"] == ["none", "over 25 %"]
    assert slang_share(LONG) == 0
    assert slang_share("yg gk tau") > 0.5


def test_the_last_length_of_a_bin_belongs_to_it() -> None:
    words = (10, 11, 30, 31, 80, 81)
    rows = [row(0, text="lampu " * length) for length in words for _ in range(20)]
    counted = [(each.name, each.rows) for each in slice_figures(rows, np.ones(120, dtype=bool))]
    bins = [("to 10 words", 20), ("11-30 words", 40), ("31-80 words", 40), ("over 80 words", 20)]
    assert counted == bins


def test_what_was_joined_stands_behind_the_bins() -> None:
    texts = [" ".join([LONG] * times) for times in (1, 3) for _ in range(30)] + [" ".join([LONG] * 9)]
    figures = slice_figures([row(0, text=text) for text in texts], np.ones(61, dtype=bool))
    assert [each.name for each in figures if each.aspect == "length"] == ["11-30 words", "31-80 words", "others"]


def test_capitals_and_addresses_are_told_apart() -> None:
    rows = [
        row(0, text=LONG.upper()) if i % 2 else Labelled(Complaint(LONG, address="Jl. Mawar"), "dlh") for i in range(80)
    ]
    found = {(each.aspect, each.name): each.top1.value for each in slice_figures(rows, np.arange(80) % 2 > 0)}
    assert found["writing", "ALL CAPS"] == found["address", "none"] == 1
    assert found["writing", "few capitals"] == found["address", "given"] == 0


def test_what_the_rows_do_not_tell_is_left_out() -> None:
    rows = [Labelled(Complaint(LONG), "dishub") for _ in range(40)]
    assert slice_figures(rows, np.ones(40, dtype=bool)) == []
    assert class_drift(rows) is None
    assert slice_figures([], np.zeros(0, dtype=bool)) == []


def test_a_changed_mix_of_agencies_is_told_from_chance() -> None:
    changed = class_drift([row(i, agency="dlh" if i % 2 and i > 200 else "dishub") for i in range(400)])
    assert changed is not None
    assert changed.distance > changed.by_chance
    assert changed.shifts[0].change.low > 0 or changed.shifts[0].change.high < 0
    never = replace(row(0), created_at=dt.datetime(1, 1, 1))  # noqa: DTZ001 (what .NET writes for no date)
    assert class_drift([never, replace(never, agency="dlh")]) is not None
    exchanged = class_drift([row(i, agency="dlh" if i >= 100 else "dishub") for i in range(200)])
    assert exchanged is not None
    assert exchanged.distance == 1, "every complaint has a different agency"
    told = {shift.agency: (shift.before, shift.after, shift.change.value) for shift in exchanged.shifts}
    assert told == {"dishub": (1, 0, -1), "dlh": (0, 1, 1)}
    steady = class_drift([row(i, agency="dlh" if i % 2 else "dishub") for i in range(400)])
    assert steady is not None
    assert steady.distance < steady.by_chance

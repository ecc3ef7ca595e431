"""Probabilities and thresholds are fitted to real complaints held out by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.complaint import Complaint
from training.data import Labelled
from training.duplicates import fold_groups
from training.fit import in_spans_of_time

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def _groups(days: Sequence[int | None], spans: int) -> list[str | None]:
    dates = [None if day is None else START + dt.timedelta(days=day) for day in days]
    rows = [Labelled(Complaint(f"jalan rusak di RT {n}"), "dbmbk", created_at=date) for n, date in enumerate(dates)]
    return [row.group for row in in_spans_of_time(rows, spans)]


def test_complaints_of_one_time_stand_together() -> None:
    assert _groups([9, 1, 8, 2, 5, 6], 3) == ["time 2", "time 0", "time 2", "time 0", "time 1", "time 1"]


def test_undated_and_composed_complaints_keep_their_groups() -> None:
    assert _groups([None, 3, None], 2) == [None, "time 0", None]
    composed = Labelled(Complaint("lampu mati"), "dishub", group="starter 7")
    assert in_spans_of_time([composed], 5) == [composed]


def test_a_text_that_comes_again_is_held_out_with_the_first_of_it() -> None:
    copies = ("Jalan rusak", "lampu mati", "jalan  rusak", "banjir", "banjir")
    days = (0, 1, 9, None, None)
    rows = [
        Labelled(Complaint(text), "dbmbk", created_at=None if day is None else START + dt.timedelta(days=day))
        for text, day in zip(copies, days, strict=True)
    ]
    assert [row.group for row in in_spans_of_time(rows, 3)] == ["time 0", "time 1", "time 0", None, None]
    groups = fold_groups(in_spans_of_time(rows, 3))
    assert groups is not None
    assert groups[3] == groups[4]
    assert len(set(groups)) == 3
    assert fold_groups([rows[0], rows[1], rows[3]]) is None, "without groups the folds are stratified by class"

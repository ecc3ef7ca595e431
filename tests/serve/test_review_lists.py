"""Lists that training made, and what people may have made of them in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from serve.errors import ReviewListError
from serve.review import SUSPECTS, TEACHING, Doubt, ReviewLists

HEADER = "id,position,row,given,likely,believable"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "bukan daftar"),
        ("nomor,given,likely,believable\n", "bukan daftar"),
        ("nomor,given,likely,believable\n7,dlh,dishub,0.1\n", "bukan daftar"),
        ("given,likely,believable,id\ndlh,dishub\n", "bukan daftar"),
        (f"{HEADER}\n7,1,2,dlh,dishub,sedikit\n", "bukan daftar"),
        (f"{HEADER}\n,1,2,dlh,dishub,0.1\n,2,3,dlh,dishub,0.2\n", "tidak menyebut nomor aduan"),
    ],
)
def test_a_list_that_names_no_complaints_is_told_and_not_taken_for_an_empty_one(
    content: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / SUSPECTS).write_text(content, encoding="utf-8")
    with pytest.raises(ReviewListError, match=told) as error:
        ReviewLists(tmp_path).doubts()
    assert "docs/retraining.md" in error.value.mend


def test_a_list_in_which_nothing_is_doubted_or_all_is_from_elsewhere_is_empty(tmp_path: Path) -> None:
    for rows in ("", "LAPOR-7,1,2,dlh,dishub,0.1\n", "7,1,2,dlh,dlh,0.1\n"):
        (tmp_path / SUSPECTS).write_text(f"{HEADER}\n{rows}", encoding="utf-8")
        assert ReviewLists(tmp_path).doubts() == ()


def test_a_spreadsheet_that_saved_a_list_again_spoilt_nothing(tmp_path: Path) -> None:
    (tmp_path / SUSPECTS).write_text(f"\ufeff{HEADER}\r\n7,1,2,dlh,dishub,0.1,,\r\n", encoding="utf-8")
    (tmp_path / TEACHING).write_text("\ufeffid,position,row,teaches\r\n7,1,2,0.5\r\n", encoding="utf-8")
    lists = ReviewLists(tmp_path)
    assert lists.doubts() == (Doubt(7, "dlh", "dishub", 0.1),)
    assert lists.teaching() == (7,)

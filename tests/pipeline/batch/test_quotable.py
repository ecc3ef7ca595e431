"""Which unknown labels may be quoted is judged by all of a column."""

from __future__ import annotations

import pytest

from pipeline.batch.quotable import Quotable
from pipeline.region import Region

OFFICES = [f"Dinas Perhubungan Kota {i}" for i in range(250)]
GANGS = [f"gang {i} gelap" for i in range(250)]


@pytest.mark.parametrize(
    ("labels", "label", "may"),
    [
        (["Kantor Lama"], "Kantor Lama", True),
        (["Kantor Lama", "Lampu mati! Tolong"], "Kantor Lama", False),
        (GANGS, "gang 1 gelap", False),
        (OFFICES, "Dinas Perhubungan Kota 1", True),
        ([*OFFICES, *GANGS[:20]], "Dinas Perhubungan Kota 1", True),
        ([f"Dinas {i}" for i in range(1_100)], "Dinas 1", False),
    ],
)
def test_a_label_is_quoted_only_where_the_others_are_names_too(
    bekasi: Region, labels: list[str], label: str, may: bool
) -> None:
    judge = Quotable(bekasi)
    for each in labels:
        judge.add(each, "lampu jalan mati total")
    assert judge.may_quote(label) is may


def test_a_row_with_swapped_cells_is_not_quoted_beside_others_that_are(bekasi: Region) -> None:
    judge = Quotable(bekasi)
    for label, text in (
        ("Gang kami gelap", "Dinas Perhubungan"),
        ("Dinas Antariksa", "Dinas Perhubungan"),
        ("Puskesmas Fiktif", "Desa Sukadami gelap sekali"),
        *((f"Kantor {i}", "lampu mati") for i in range(5)),
    ):
        judge.add(label, text)
    quoted = [label for label in ("Gang kami gelap", "Dinas Antariksa", "Puskesmas Fiktif") if judge.may_quote(label)]
    assert quoted == ["Dinas Antariksa", "Puskesmas Fiktif"]

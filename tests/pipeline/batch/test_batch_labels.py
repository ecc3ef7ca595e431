"""What a previous label means, and what of it may be shown."""

from __future__ import annotations

import pytest

from pipeline.batch.labels import code_of_label
from pipeline.region import Region


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("DINAS PERHUBUNGAN", "dishub"),
        ("Kecamatan Tambun Selatan", "kecamatan"),
        ("KECAMATAN TAMBUN SELATAN", "kecamatan"),
        (" Kecamatan  Setu ", "kecamatan"),
        ("kelurahan\tjatimulya", "kelurahan"),
        ("DESA SUMBERJAYA", "desa"),
        ("Desakan warga", None),
        (" ", None),
    ],
)
def test_a_label_is_found_whatever_its_case_and_spaces(bekasi: Region, label: str, code: str | None) -> None:
    assert code_of_label(bekasi, label) == code

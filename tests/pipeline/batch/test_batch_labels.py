"""How previous labels are interpreted, and which may be shown."""

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
        ("Kec. Setu", "kecamatan"),
        ("KEL JATIMULYA", "kelurahan"),
        ("Desakan warga", None),
        ("Kecewa sekali", None),
        (" ", None),
        ("Dinas Perhubungan Kabupaten Bekasi", "dishub"),
        ("DISHUB  KAB. BEKASI", "dishub"),
        ("Dinas Perhubungan Pemerintah Kab Bekasi", "dishub"),
        ("Kecamatan Setu, Kabupaten Bekasi", "kecamatan"),
        ("RSUD Kabupaten Bekasi", "rsud-kabupaten"),
        ("Dinas Perhubungan Kota Bekasi", None),
        ("Dinas Perhubungan Bekasi", None),
        ("Dinas Perhubungan Provinsi Jawa Barat", None),
        ("Pemerintah Kabupaten Bekasi", None),
        ("Kabupaten Bekasi", None),
    ],
)
def test_a_label_is_found_as_exports_write_it_with_the_regions_own_name_but_no_others(
    bekasi: Region, label: str, code: str | None
) -> None:
    assert code_of_label(bekasi, label) == code

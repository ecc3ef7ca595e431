"""The smallest folder of a region."""

from __future__ import annotations

from pathlib import Path

AGENCIES = "code,kind,name,aliases,urusan,parent,valid_from,valid_to,successor\n"
PLACES = "code,kind,name,kecamatan_code,aliases,misspellings\n"
SETTINGS = "code: '33.07'\nname: Kabupaten Contoh\nprovince: Contoh\n"
SLA = "sla_working_days: {darurat: 1, tinggi: 3, sedang: 14, rendah: 5}\n"


def folder(tmp_path: Path, agencies: str = "", places: str = "", settings: str = SETTINGS + SLA) -> Path:
    (tmp_path / "region.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / "agencies.csv").write_text(AGENCIES + agencies, encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACES + places, encoding="utf-8")
    return tmp_path

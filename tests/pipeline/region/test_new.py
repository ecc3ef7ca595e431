from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.errors import RegionError
from pipeline.region import check_region, load_region
from pipeline.region.national import BASE, governments, kecamatan_elsewhere, time_zone
from pipeline.region.new import new_region
from tests.full_disk import files_no_larger_than
from training.starter import generate


@pytest.mark.parametrize(("code", "name"), [("35.78", "Kota Surabaya"), ("32.16", "Kabupaten Bekasi"), ("94.71", None)])
def test_a_new_region_is_in_order(tmp_path: Path, code: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(RegionError, match=r"35\.78"):
            new_region(code, tmp_path / "x")
        return
    folder = new_region(code, tmp_path / "new")
    assert check_region(folder) == []
    assert load_region(folder).name == name


def test_a_new_region_knows_what_comes_in_most_anywhere_until_it_states_its_own(tmp_path: Path) -> None:
    folder = new_region("35.09", tmp_path / "new")
    national = load_region(folder).priors
    settings = folder / "region.yaml"
    settings.write_text(settings.read_text() + "priors: {perikanan: 30, sosial: 2}\n")
    assert load_region(folder).priors == {**national, "perikanan": 30, "sosial": 2}
    assert {"jalan-jembatan", "lingkungan-hidup", "perhubungan"} < set(national)
    own = settings.read_text().replace("without: []", "without: [pdam]")
    settings.write_text(own.replace("without_urusan: []", "without_urusan: [air-minum]"))
    assert "air-minum" not in {row.urusan for row in generate(load_region(folder), 200, seed=1, noise=0)}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size")
def test_where_the_disk_is_full_no_half_of_a_region_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "regions" / "35.78"
    with files_no_larger_than(1000), pytest.raises(OSError, match="File too large") as told:
        new_region("35.78", folder)
    assert told.value.filename == str(folder)
    assert list(folder.parent.iterdir()) == []
    assert check_region(new_region("35.78", folder)) == []
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("bekasi", "Did you mean 32.16 (Kabupaten Bekasi), 32.75 (Kota Bekasi)?"),
        ("Kota Makassar", "Did you mean 73.71 (Kota Makassar)?"),
        ("7371", "Did you mean 73.71 (Kota Makassar)?"),
        ("Kab. Gowa", "Did you mean 73.06 (Kabupaten Gowa)?"),
        ("kab gowa", "Did you mean 73.06 (Kabupaten Gowa)?"),
        ("Kota Makasar", "Did you mean 73.71 (Kota Makassar)?"),
        ("Gunung Kidul", "Did you mean 34.03 (Kabupaten Gunungkidul)?"),
        ("Kutai Kertanegara", "Did you mean 64.02 (Kabupaten Kutai Kartanegara)?"),
        ("73.06.01", "Did you mean 73.06 (Kabupaten Gowa)?"),
        ("Atlantis", "Codes look like 35.78 (Kota Surabaya)."),
        ("kota", "Codes look like 35.78 (Kota Surabaya)."),
        ("", "Codes look like 35.78 (Kota Surabaya)."),
    ],
)
def test_who_gives_a_name_in_place_of_a_code_is_told_the_code(tmp_path: Path, given: str, meant: str) -> None:
    with pytest.raises(RegionError) as told:
        new_region(given, tmp_path / "x")
    assert told.value.mend == meant


@pytest.mark.parametrize(
    ("code", "kecamatan", "villages", "nobody", "nothing"),
    [
        ("35.78", 31, "kelurahan", {"desa", "dpmd"}, {"desa", "masyarakat-desa"}),  # a city
        ("34.04", 17, "desa", {"kelurahan"}, {"kelurahan"}),  # Sleman: its kalurahan are desa
    ],
)
def test_where_there_are_no_desa_or_no_kelurahan_there_is_nobody_for_them(
    tmp_path: Path, code: str, kecamatan: int, villages: str, nobody: set[str], nothing: set[str]
) -> None:
    folder = new_region(code, tmp_path / "new")
    assert check_region(folder) == []
    region, base = load_region(folder), load_region("kab_bekasi")
    kinds = Counter(place.kind for place in region.places.values())
    assert (set(kinds), kinds["kecamatan"]) == ({"kecamatan", villages}, kecamatan)
    assert {"desa", "dpmd", "kelurahan"} - set(region.agencies) == nobody
    assert set(base.catalogue) - set(region.catalogue) == nothing


def test_the_shipped_places_are_those_of_the_first_region(tmp_path: Path) -> None:
    ours = load_region("kab_bekasi").places
    made = load_region(new_region("32.16", tmp_path / "new")).places
    assert {code: place.kind for code, place in made.items()} == {code: place.kind for code, place in ours.items()}


def test_an_existing_folder_is_never_overwritten(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match="already exists"):
        new_region("35.78", tmp_path)


def test_a_disk_that_is_full_leaves_no_half_of_a_folder_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text = Path.write_text

    def full(path: Path, *given: Any, **named: Any) -> int:
        if path.name == "places.csv":
            raise OSError(28, "No space left on device")
        return write_text(path, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            new_region("35.78", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
    assert check_region(new_region("35.78", tmp_path / "new")) == []


def test_the_short_table_of_places_has_the_rows_of_the_whole_one_down_to_kecamatan() -> None:
    places = pq.ParquetFile(BASE / "places.parquet").read().to_pylist()
    table = (BASE / "kecamatan.csv").read_text(encoding="utf-8")
    assert list(csv.DictReader(table.splitlines())) == [p for p in places if len(p["code"]) <= len("32.16.01")]
    assert all(row.count(",") == 1 for row in table.splitlines())


def test_every_province_has_a_time_zone() -> None:
    provinces = [code for code in governments() if len(code) == len("32")]
    table = (BASE / "provinces.csv").read_text(encoding="utf-8")
    assert [code for row in csv.DictReader(table.splitlines()) if len(code := row["code"]) == len("32")] == provinces
    assert {time_zone(code) for code in provinces} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    assert time_zone("none") == "Asia/Jakarta"


def test_the_kecamatan_elsewhere_are_those_of_all_other_regencies_of_the_province() -> None:
    others = {name for code, name in governments().items() if code.startswith("32.") and code != "32.16"}
    assert {regency for _, regency in kecamatan_elsewhere("32.16")} == others


@pytest.mark.parametrize(
    ("code", "kecamatan", "desa"),
    [
        ("93.01", "Distrik", "Kampung"),
        ("34.04", "Kapanewon", "Kalurahan"),
        ("34.71", "Kemantren", None),
        ("13.06", "Kecamatan", "Nagari"),
        ("32.01", "Kecamatan", "Desa"),
    ],
)
def test_offices_of_each_place_have_their_provinces_names(
    tmp_path: Path, code: str, kecamatan: str, desa: str | None
) -> None:
    folder = new_region(code, tmp_path / "new")
    assert check_region(folder) == []
    region = load_region(folder)
    assert region.agencies["kecamatan"].name == kecamatan
    assert (region.agencies["desa"].name if "desa" in region.agencies else None) == (desa and f"Pemerintah {desa}")
    assert region.place_told("kecamatan", "Anu", "Anu") == f"{kecamatan} Anu"
    assert region.place_told("desa", "Ini", "Anu") == f"{desa or 'Desa'} Ini, {kecamatan} Anu"
    assert region.place_told("kelurahan", "Itu", "Anu") == f"Kelurahan Itu, {kecamatan} Anu"

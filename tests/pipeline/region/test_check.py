"""The check of a region's folder lists all mistakes at once, with file and line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.errors import RegionError
from pipeline.region import check_region, load_region
from tests.pipeline.region.small_region import AGENCIES, SETTINGS, SLA, folder


def test_a_folder_in_order_has_no_mistakes(tmp_path: Path) -> None:
    path = folder(
        tmp_path, "a,dinas,Dinas A,,,,,,\n", "33.07.01,kecamatan,Satu,,,\n33.07.01.2001,desa,Dua,33.07.01,,\n"
    )
    assert check_region(path) == []
    assert load_region(path).places["33.07.01.2001"].name == "Dua"


@pytest.mark.parametrize("between", ["\u2028", "\x85", "\n"])
def test_a_row_ends_where_csv_ends_it(tmp_path: Path, between: str) -> None:
    path = folder(tmp_path, f'a,dinas,"Dinas A{between}dan B",,,,,,\nb,dinas,Dinas C,,,x,,,\n')
    assert [(m.line, m.what) for m in check_region(path)] == [
        (4 if between == "\n" else 3, "parent 'x' of 'b' is not an agency")
    ]
    (tmp_path / "agencies.csv").write_text(f'{AGENCIES}a,dinas,"Dinas A{between}dan B",,,,,,\n', encoding="utf-8")
    assert load_region(path).agencies["a"].name == f"Dinas A{between}dan B"


def test_all_mistakes_are_listed_at_once_with_their_lines(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        "a,dinas,Dinas A,,,,,,\n"
        "a,dinas,Dinas A lagi,,,,,,\n"
        "b,dinas,Dinas B,,,tidak-ada,,,\n"
        "c,dinas,Dinas C,,,,,2024-01-01,d\n"
        "d,dinas,Dinas D,,,,,2024-01-01,c\n"
        "e,dinas,Dinas E,,,,31-12-2024,,\n"
        "f,kantor,Kantor F,,,,,,\n"
        "g,dinas,Dinas G,,,,2025-01-01,2024-01-01,\n"
        "h,dinas,Dinas H,,tanpa-katalog,,,,\n"
        "i,dinas,Dinas I,,,,,2024-01-01,zz\n",
        "33.07.01,kecamatan,Satu,,,\n33.07.02.2001,desa,Yatim,,,\n33.07.x,desa,Salah,33.07.01,,\n",
    )
    mistakes = [(m.file, m.line) for m in check_region(path)]
    assert mistakes == [
        ("agencies.csv", 3),  # duplicate code
        ("agencies.csv", 4),  # unknown parent
        ("agencies.csv", 5),  # cycle of successors
        ("agencies.csv", 6),
        ("agencies.csv", 7),  # bad date
        ("agencies.csv", 8),  # unknown kind
        ("agencies.csv", 9),  # ends before it begins
        ("agencies.csv", 10),  # urusan without catalogue
        ("agencies.csv", 11),  # unknown successor
        ("places.csv", 3),  # desa without kecamatan
        ("places.csv", 4),  # bad code
    ]
    assert str(check_region(path)[0]).startswith("agencies.csv:3: code 'a'")


def test_loading_a_broken_folder_names_the_first_mistake_and_the_command_for_the_others(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,x,,,\nb,dinas,Dinas B,,,y,,,\n")
    with pytest.raises(RegionError, match=r"agencies.csv:2.*and 1 more.*disposisi region check"):
        load_region(path)


def test_days_of_an_agency_are_told_in_digits(tmp_path: Path) -> None:
    path = folder(tmp_path)
    rows = "code,kind,name,sla_working_days\na,dinas,Dinas A, 7 \nb,dinas,Dinas B,1_0\nc,dinas,Dinas C,\n"
    (path / "agencies.csv").write_text(rows, encoding="utf-8")
    (mistake,) = check_region(path)
    assert str(mistake).startswith("agencies.csv:3: sla_working_days: ")


def test_missing_files_and_broken_yaml_are_mistakes(tmp_path: Path) -> None:
    (tmp_path / "region.yaml").write_text("code: [", encoding="utf-8")
    assert [m.file for m in check_region(tmp_path)] == ["agencies.csv", "places.csv", "region.yaml"]
    (tmp_path / "region.yaml").write_text(SETTINGS + SLA, encoding="utf-8")
    assert [(m.file, m.what) for m in check_region(tmp_path)] == [
        ("agencies.csv", "missing"),
        ("places.csv", "missing"),
    ]


def test_a_column_that_is_called_otherwise_is_told_once_and_not_in_each_row(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\n")
    rows = "33.07.01,kecamatan,Satu,,ke-1\n33.07.02,kecamatan,Dua,,ke-2\n"
    (path / "places.csv").write_text("code,kind,name,kecamatan_code,alias\n" + rows, encoding="utf-8")
    columns = "code, kind, name, kecamatan_code, aliases, misspellings"
    assert [str(m) for m in check_region(path)] == [
        f"places.csv:1: column 'alias': unknown name; known names: {columns}"
    ]
    (path / "places.csv").write_text("code,kind,nama,kecamatan_code,aliases\n" + rows, encoding="utf-8")
    assert [str(m) for m in check_region(path)] == [
        f"places.csv:1: column 'nama': unknown name; known names: {columns}",
        "places.csv:1: column 'name' is missing",
    ]


def test_a_mistake_in_the_catalogue_is_found_by_line(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,contoh,,,,\n")
    (path / "catalogue").mkdir()
    (path / "catalogue" / "contoh.yaml").write_text(
        "urusan: contoh\n"
        "mandate: Segala sesuatu tentang contoh-contoh yang baik.\n"
        "problems:\n"
        "  - id: satu\n"
        "    name: Satu\n"
        "    urgency: gawat\n"
        "    phrasings: {formal: ['satu {apa}']}\n",
        encoding="utf-8",
    )
    found = {(m.file, m.line) for m in check_region(path)}
    assert found >= {("catalogue/contoh.yaml", 6), ("catalogue/contoh.yaml", 7)}


def test_landmarks_are_optional_and_checked(tmp_path: Path) -> None:
    path = folder(tmp_path, places="33.07.01,kecamatan,Satu,,,\n33.07.01.2001,desa,Dua,33.07.01,,\n")
    (path / "landmarks.csv").write_text(
        "name,kind,place,aliases\n"
        "Griya Contoh,perumahan,33.07.01,griya\n"
        "Pasar Jauh,pasar,99.02,\n"
        "Dua,jalan,33.07.01,\n"
        "Griya,perumahan,33.07.01.2001,\n"
        "Taman Kota,kebun,33.07.01,\n",
        encoding="utf-8",
    )
    assert [(m.file, m.line) for m in check_region(path)] == [
        ("landmarks.csv", 3),  # no such place
        ("landmarks.csv", 4),  # the name of a village
        ("landmarks.csv", 5),  # named twice
        ("landmarks.csv", 6),  # unknown kind
    ]


def test_a_table_or_document_that_nothing_reads_is_a_mistake_and_keeps_no_region_from_loading(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\n")
    for name in ("landmark.csv", "catalogue/contoh.yml", "katalog/contoh.yaml", "Places.xlsx"):
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).touch()
    for name in ("README.md", "~$agencies.xlsx", ".places.csv", "agencies.csv~"):  # notes, and editors' backup files
        (path / name).touch()
    known = "known are region.yaml, agencies.csv, places.csv, landmarks.csv, replies.yaml and catalogue/*.yaml"
    assert [str(mistake) for mistake in check_region(path)] == [
        f"{name}: a file of this name is never read; {known}"
        for name in ("Places.xlsx", "catalogue/contoh.yml", "katalog/contoh.yaml", "landmark.csv")
    ]
    assert list(load_region(path).agencies) == ["a"]


def test_an_unknown_region_is_told_with_those_that_ship() -> None:
    with pytest.raises(RegionError, match="kab_bekasi"):
        load_region("nirwana")


def test_a_cell_that_never_ends_is_a_mistake(tmp_path: Path) -> None:
    before = csv.field_size_limit(1000)
    try:
        (mistake,) = check_region(folder(tmp_path, agencies='a,dinas,"' + "x" * 2000))
    finally:
        csv.field_size_limit(before)
    assert "not valid CSV" in str(mistake)


def test_a_label_of_two_agencies_that_exist_together_is_a_mistake(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        "a,dinas,Dinas A,DLHK;dinas a,,,,2024-12-31,b\n"
        "b,dinas,Dinas A,,,,2025-01-01,,\n"
        "c,dinas,Dinas C,dlhk,,,2024-06-01,,\n"
        "d,dinas,dinas  c,,,,,2020-01-01,c\n",
    )
    assert [str(m) for m in check_region(path)] == [
        "agencies.csv:4: 'dlhk' names both 'a' and 'c', which exist at the same time",
    ]


def test_a_label_that_the_base_gives_another_agency_is_told_in_the_region_s_own_line(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        "dishub,dinas,Dinas Perhubungan,dishub;dlh;DLHK,perhubungan,,,,\n",
        settings=SETTINGS + "extends: base\n",
    )
    assert [str(m) for m in check_region(path)] == [
        "agencies.csv:2: 'DLHK' names both 'dlh' and 'dishub', which exist at the same time",
        "agencies.csv:2: 'dlh' names both 'dlh' and 'dishub', which exist at the same time",
    ]


def test_tables_as_an_indonesian_excel_saves_them_are_read(tmp_path: Path) -> None:
    path = folder(tmp_path)
    columns = AGENCIES.strip().replace(",", ";")
    rows = (f"{columns};;", 'a;dinas;"Dinas A, B";"satu;dua";;;;;;;', ";;;;;;;;;;", "b;kantor;Kantor B;;;;;;;;x")
    (path / "agencies.csv").write_bytes(("\r\n".join(rows) + "\r\n").encode("utf-8-sig"))
    (mistake,) = check_region(path)
    assert str(mistake).startswith("agencies.csv:4: more cells than columns")
    (path / "agencies.csv").write_bytes(("\r\n".join(rows[:3]) + "\r\n").encode("utf-8-sig"))
    (agency,) = load_region(path).agencies.values()
    assert (agency.name, agency.aliases) == ("Dinas A, B", ("satu", "dua"))
    (path / "agencies.csv").write_bytes(("\r\n".join((*rows[:2], "c;badan;Badan C")) + "\r\n").encode())
    assert list(load_region(path).agencies) == ["a", "c"]  # a row that ends before an unnamed column


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("e,dinas,Dinas E,,,,01/01/2024,,", "valid_from: not a date; write it as 2027-01-01 (found '01/01/2024')"),
        ("e,dinas,Dinas E,,,,,1/2024,", "valid_to: not a date; write it as 2027-01-01 (found '1/2024')"),
        (
            "Dinas E,dinas,Dinas E,,,,,,",
            "code: use lower-case letters and digits, with hyphens between them (found 'Dinas E')",
        ),
    ],
)
def test_a_cell_that_cannot_be_used_says_what_can(tmp_path: Path, row: str, says: str) -> None:
    (mistake,) = check_region(folder(tmp_path, row + "\n"))
    assert mistake.what == says


def test_a_column_or_setting_that_is_none_and_a_table_in_another_encoding_are_told_how_to_mend(tmp_path: Path) -> None:
    path = folder(tmp_path, settings=SETTINGS.replace("'33.07'", "33.07") + "without: dkp\nwihtout: []\n" + SLA)
    assert [mistake.what for mistake in check_region(path)] == [
        "code: not text; write it in quotes (found 33.07)",
        "without: not a list; write it as [a, b] (found 'dkp')",
        "wihtout: unknown name; known names: code, name, province, extends, without, without_urusan, "
        "sla_working_days, priors, alarm_shares, neighbours, ordinary_names, sla_by_kind, responders, answer_within, "
        "urgency_costs",
    ]
    path = folder(tmp_path)
    (path / "agencies.csv").write_bytes((AGENCIES + "a,dinas,Dinas A – B,,,,,,\n").encode("cp1252"))
    assert [str(mistake) for mistake in check_region(path)] == ["agencies.csv: not UTF-8; save it as CSV UTF-8"]


def test_a_table_that_is_lost_is_the_one_mistake_and_not_what_others_name_in_it(tmp_path: Path) -> None:
    path = folder(tmp_path, settings=SETTINGS + "extends: base\nwithout: [disdik]\n")
    for name in ("agencies.csv", "places.csv"):
        (path / name).write_bytes((path / name).read_text().encode("utf-16"))
    (path / "landmarks.csv").write_text("name,kind,place,aliases\nPasar Satu,pasar,33.07.01,\n")
    assert [str(mistake) for mistake in check_region(path)] == [
        "agencies.csv: not UTF-8; save it as CSV UTF-8",
        "places.csv: not UTF-8; save it as CSV UTF-8",
    ]


def test_an_office_that_takes_a_standard_ones_place_without_its_urusan_is_told_what_it_lost(tmp_path: Path) -> None:
    path = folder(tmp_path, "disdik,dinas,Dinas Pendidikan Contoh,,,,,,\n", settings=SETTINGS + "extends: base\n")
    assert [str(m) for m in check_region(path)] == [
        "agencies.csv: no agency handles urusan 'pendidikan', as 'disdik' does in the national base",
    ]


def test_an_office_whose_urusan_the_region_leaves_out_is_told_with_what_to_do_about_it(tmp_path: Path) -> None:
    settings = SETTINGS + "extends: base\nwithout_urusan: [perikanan]\n"
    (mistake,) = check_region(folder(tmp_path, settings=settings))
    assert mistake.what == (
        "urusan 'perikanan' of 'perikanan' is left out by without_urusan; "
        "put the office under without, or give it another urusan in agencies.csv"
    )
    assert check_region(folder(tmp_path, settings=settings + "without: [perikanan]\n")) == []


def test_a_file_of_the_catalogue_is_told_in_words_of_its_author(tmp_path: Path) -> None:
    path = folder(tmp_path, settings=SETTINGS + "extends: base\n")
    (path / "catalogue").mkdir()
    (path / "catalogue" / "perhubungan.yaml").write_text(
        "urusan: Perhubungan\nmandate: x\nproblems:\n  - id: PJU\n    name: L\n    urgency: biasa\n"
        "    raises: [{to: tinggi, when: malam, fragments: []}]\n    phrasings:\n      galak: [lampu mati]\n",
        encoding="utf-8",
    )
    registers = "'formal', 'whatsapp', 'marah', 'sepuh', 'singkat', 'daerah', 'tanya' or 'cerita'"
    assert [(mistake.line, mistake.what) for mistake in check_region(path)] == [
        (1, "urusan: use lower-case letters, with hyphens between words (found 'Perhubungan')"),
        (2, "mandate: must have 20 characters or more (found 'x')"),
        (4, "problems.0.id: use lower-case letters, with hyphens between words (found 'PJU')"),
        (5, "problems.0.name: must have 2 characters or more (found 'L')"),
        (6, "problems.0.urgency: must be 'darurat', 'tinggi', 'sedang' or 'rendah' (found 'biasa')"),
        (7, "problems.0.raises.0.fragments: must have 1 or more"),
        (9, f"problems.0.phrasings.galak: must be {registers} (found 'galak')"),
    ]


def test_successors_that_lead_back_to_each_other_are_told_of_these_and_not_of_who_leads_to_them(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        "a,dinas,Dinas A,,,,,2024-01-01,b\nb,dinas,Dinas B,,,,,2024-01-01,c\nc,dinas,Dinas C,,,,,2024-01-01,b\n",
    )
    assert [(m.line, m.what) for m in check_region(path)] == [
        (line, f"the successors of {code!r} lead back to it") for line, code in ((3, "b"), (4, "c"))
    ]

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.batch import Columns
from pipeline.cli.main import assemble
from pipeline.complaint import MAX_TEXT_CHARS, Complaint, Level
from pipeline.errors import DataError
from pipeline.region import Region, load_region
from pipeline.region.new import new_region
from training.data import OTHERS, Labelled, Split, join_rare, parse_level, read_labelled
from training.options import report_rows


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("teks,instansi,urgensi,bagian", *rows)), encoding="utf-8")
    return path


def test_labels_are_found_by_name_alias_and_kind_of_place(tmp_path: Path, bekasi: Region) -> None:
    path = write(
        tmp_path / "a.csv",
        "lampu mati,Dinas Perhubungan,2,x",
        "air mati,PDAM,tinggi,x",
        "camat lambat,Kecamatan Cibitung,,x",
        "entah apa,Dinas Antariksa,,x",
    )
    data = read_labelled([path], bekasi)
    assert [(row.agency, row.urgency) for row in data.rows] == [
        ("dishub", Level.SEDANG),
        ("pdam", Level.TINGGI),
        ("kecamatan", None),
    ]
    assert [str(bad) for bad in data.bad] == ["a.csv: row 5: the region has no agency 'Dinas Antariksa'"]


@pytest.mark.parametrize(
    ("split", "rows", "says"),
    [
        (
            "bagian=x",
            (",dlh,,x", "lampu mati,,2,x", "air mati,,,x"),
            "names an agency. Name its column: --agency. Its columns are: teks",
        ),
        (
            "bagian=x",
            (",dlh,,x", "lampu mati,,2,x", "entah apa,Dinas Antariksa,,x"),
            "No row of a.csv names an agency of the region; the first: a.csv: row 4: the region has no agency 'Dinas",
        ),
        ("bagian=y", ("lampu mati,dishub,2,x",), "a.csv has no usable row. Check --text and --split-column"),
    ],
)
def test_rows_without_any_agency_are_refused_for_what_they_lack(
    split: str, rows: tuple[str, ...], says: str, tmp_path: Path, bekasi: Region
) -> None:
    path = write(tmp_path / "a.csv", *rows)
    with pytest.raises(DataError) as told:
        read_labelled([path], bekasi, split=Split.parse(split)).check_agencies([path])
    assert says in told.value.english


def test_files_may_be_named_as_a_notebook_does(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "lampu mati,A,,x", ",A,,x")
    expected = read_labelled([path], None)
    assert [str(bad) for bad in expected.bad] == ["a.csv: row 3: the text is empty"]
    assert read_labelled(str(path), None) == read_labelled(path, None) == read_labelled([str(path)], None) == expected
    with pytest.raises(DataError, match=r"There is no file nada\.csv"):
        read_labelled("nada.csv", None)


def test_of_several_files_those_with_other_columns_are_read_by_their_names(tmp_path: Path) -> None:
    usual, own = write(tmp_path / "a.csv", "lampu mati,A,tinggi,x"), tmp_path / "b.csv"
    own.write_text("Uraian Warga;Bidang\nsampah menumpuk;B\n", encoding="utf-8")
    told = Columns(text="Uraian Warga", agency="Bidang")
    assert [(row.agency, row.urgency) for row in read_labelled([usual, own], None, told).rows] == [
        ("A", Level.TINGGI),
        ("B", None),
    ]
    with pytest.raises(DataError, match="None of the files has a column 'Bagan'"):
        read_labelled([usual, own], None, Columns(text="Uraian Warga", agency="Bagan"))
    with pytest.raises(DataError, match=r"a\.csv has no column 'Bidang'"):
        read_labelled([usual], None, Columns(agency="Bidang"))


def test_without_a_region_labels_stay_and_rare_ones_are_joined(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", *["a,Dinas A,,x"] * 3, "b,Kelurahan Satu,,x", "c,KELURAHAN DUA,,y", "d,Dinas D,,y")
    data = read_labelled([path], None)
    rows = join_rare(data.rows, data.label_counts, 2)
    assert Counter(row.agency for row in rows) == {"Dinas A": 3, "Kelurahan": 2, OTHERS: 1}


def test_a_split_takes_its_rows_but_labels_are_counted_over_all(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a,Dinas A,,x", "b,Dinas A,,y")
    data = read_labelled([path], None, split=Split.parse("bagian=x"))
    assert len(data.rows) == 1
    assert data.label_counts["Dinas A"] == 2
    with pytest.raises(DataError, match="split"):
        read_labelled([path], None, split=Split("split", "x"))


def test_personal_data_is_masked_before_anything_is_trained(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "lampu mati hubungi 081234567890,Dinas A,,x")
    assert read_labelled([path], None).rows[0].complaint.text == "lampu mati hubungi [TELEPON]"
    path.write_text("teks,instansi,lokasi\nlampu mati,Dinas A,RT 01 hubungi 081234567890\n", encoding="utf-8")
    assert read_labelled([path], None).rows[0].complaint.address == "RT 01 hubungi [TELEPON]"


def test_free_text_taken_for_the_agency_is_not_quoted_nor_are_the_short_texts_beside_it(
    tmp_path: Path, bekasi: Region
) -> None:
    label = "NIK 3216011234560001 hubungi 0812-3456-7890 tolong lampu depan rumah saya mati"
    path = write(tmp_path / "a.csv", f"lampu mati,{label},,x", "banjir,gang buntu,,x")
    told = read_labelled([path], bekasi).bad
    assert [str(bad) for bad in told] == [
        f"a.csv: row {row}: the region has no agency of the name given, which reads like a complaint; "
        "--text and --agency may be swapped"
        for row in (2, 3)
    ]


def test_long_names_of_offices_are_quoted_like_short_ones_in_the_order_of_the_rows(
    tmp_path: Path, bekasi: Region
) -> None:
    long = "Dinas Pemberdayaan Perempuan Perlindungan Anak Pengendalian Penduduk dan KB Provinsi Jawa Barat"
    path = write(tmp_path / "a.csv", f"lampu mati,{long},,x", ",Dinas A,,x", "banjir,Dinas Fiktif,,x")
    data = read_labelled([path], bekasi)
    assert [bad.row for bad in data.bad] == [2, 3, 4]
    assert [data.bad[0].reason[:56], data.bad[2].reason] == [
        "the region has no agency 'Dinas Pemberdayaan Perempuan P", "the region has no agency 'Dinas Fiktif'"
    ]  # fmt: skip
    with pytest.raises(DataError, match=r"the first: a\.csv: row 2: .*Dinas Pemberdayaan"):
        data.check_agencies([path])


@pytest.mark.parametrize(
    "texts", [("lampu mati", "got mampet", "jalan rusak"), [f"gang {i} gelap" for i in range(400)]]
)
@pytest.mark.parametrize("agency", ["Dinas Perhubungan", "Dinas Antariksa"])
def test_swapped_columns_are_refused_without_a_word_of_the_complaints(
    texts: Sequence[str], agency: str, tmp_path: Path, bekasi: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    if agency == "Dinas Antariksa" and len(texts) == 3:
        texts = [*texts, "Lampu jalan di depan rumah saya mati! Tolong"]
    path = write(tmp_path / "a.csv", *(f"{text},{agency},," for text in texts))
    files, columns = [path], Columns(text="instansi", agency="teks")
    data = read_labelled(files, bekasi, columns)
    with pytest.raises(DataError, match="swapped") as refused:
        data.check_agencies(files)
    report_rows(data.bad, data.warnings)
    told = f"{refused.value} {capsys.readouterr().err}"
    assert not re.search(r"mampet|rusak|gelap|Lampu|lampu", told)
    assert "teks, instansi, urgensi" in told
    assert "row 2" in told


@pytest.mark.parametrize("command", ["train {file} --out {out}/m", "suspects {file} --out {out}/suspects.csv"])
@pytest.mark.parametrize("columns", ["--text instansi --agency teks", "--agency teks", ""])
def test_without_a_region_no_complaint_becomes_an_agency(command: str, columns: str, tmp_path: Path) -> None:
    texts = [*(f"Gang {i} gelap, lampu depan rumah saya mati. Tolong ya" for i in range(40)), *["jalan rusak"] * 30]
    rows = [(text, ("Dishub", "DLH", "Dinas PU")[i % 3]) for i, text in enumerate(texts)]
    rows = rows if columns else [(agency, text) for text, agency in rows]  # as if the header were wrong
    path = write(tmp_path / "a.csv", *(f'"{text}","{agency}",,' for text, agency in rows))
    asked = f"{command.format(file=path, out=tmp_path)} --region none {columns}".split()
    refused = CliRunner().invoke(assemble(), asked)
    assert isinstance(refused.exception, DataError)
    told = f"{refused.exception} {refused.output}"
    assert "--text and --agency: the columns may be swapped. Its columns are: teks, instansi" in told
    assert not re.search("gelap|rusak|rumah", told)
    assert sorted(tmp_path.iterdir()) == [path]


def test_the_long_name_of_an_agency_of_elsewhere_is_told(tmp_path: Path, bekasi: Region) -> None:
    name = "Dinas Sumber Daya Air, Binamarga dan Bina Konstruksi"
    (told,) = read_labelled([write(tmp_path / "a.csv", f'jalan rusak,"{name}",,x')], bekasi).bad
    assert told.reason == f"the region has no agency {name!r}"


def test_a_day_to_come_is_no_date_and_told(tmp_path: Path) -> None:
    today = dt.datetime.now(dt.UTC).date()
    days = [today + dt.timedelta(days=shift) for shift in (-1, 0, 400)]
    (tmp_path / "a.csv").write_text("\n".join(["teks,instansi,tanggal", *(f"a {day},A,{day}" for day in days)]))
    data = read_labelled([tmp_path / "a.csv"], None)
    assert [row.created_at.date() if row.created_at else None for row in data.rows] == [*days[:2], None]
    assert [str(row) for row in data.warnings] == ["a.csv: row 4: the date is in the future"]


def test_one_moment_is_of_one_day_however_it_is_told(tmp_path: Path) -> None:
    told = ("2026-01-31T18:00:00Z", "2026-02-01T01:00:00+07:00", "2026-02-01T03:00:00+09:00", "2026-02-01 01:00:00")
    (tmp_path / "a.csv").write_text("\n".join(["teks,instansi,tanggal", *(f"a {each},A,{each}" for each in told)]))
    rows = read_labelled([tmp_path / "a.csv"], None).rows
    assert [row.created_at for row in rows] == [dt.datetime(2026, 2, 1, 1)] * 4  # noqa: DTZ001


def test_the_same_rows_have_the_same_fingerprint(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "a,Dinas A,,x")
    other = write(tmp_path / "b.csv", "a,Dinas B,,x")
    again = read_labelled([one], None).fingerprint
    assert read_labelled([one], None).fingerprint == again
    assert read_labelled([other], None).fingerprint != again


@pytest.mark.parametrize(
    ("cell", "level"), [("4", Level.DARURAT), ("Tinggi", Level.TINGGI), ("normal", Level.SEDANG), ("?", None)]
)
def test_urgency_is_read_in_words_and_numbers(cell: str, level: Level | None) -> None:
    assert parse_level(cell) == level


def test_a_row_that_masking_makes_too_long_does_not_stop_the_others(tmp_path: Path) -> None:
    end = " rumah saya rt 3/1"
    longest = ("jalan " * MAX_TEXT_CHARS)[: MAX_TEXT_CHARS - len(end)] + end
    path = write(tmp_path / "a.csv", f"{longest},Dinas A,,x", "b,Dinas A,,x")
    data = read_labelled([path], None)
    assert [row.complaint.text for row in data.rows] == ["b"]
    assert [bad.row for bad in data.bad] == [2]
    assert "The text has 20,0" in data.bad[0].reason  # in the same language as all reasons


def test_an_urgency_that_is_none_is_told_by_its_row_and_not_its_words(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a,Dinas A,penting sekali,x", "b,Dinas A,,x", "c,Dinas A,Tinggi,x")
    data = read_labelled([path], None)
    assert [row.urgency for row in data.rows] == [None, None, Level.TINGGI]
    assert [warning.row for warning in data.warnings] == [2]
    assert "darurat, tinggi, sedang, rendah" in str(data.warnings[0])
    assert "penting" not in str(data.warnings[0])


def test_labels_of_a_joined_agency_move_to_its_successor(tmp_path: Path) -> None:
    folder = new_region("32.01", tmp_path / "region")
    (folder / "agencies.csv").write_text(
        "code,kind,name,aliases,urusan,parent,valid_from,valid_to,successor,sla_working_days\n"
        "dpupr,dinas,Dinas PUPR,pupr,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,,2025-12-31,dbm;dsda,\n"
        "dbm,dinas,Dinas Bina Marga,pupr,jalan-jembatan;bangunan-tata-ruang,,2026-01-01,,,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2026-01-01,,,\n",
        encoding="utf-8",
    )
    path = write(
        tmp_path / "a.csv",
        "jalan kabupaten berlubang dan aspalnya rusak parah,pupr,,x",
        "tanggul kali jebol dan saluran irigasi mampet,pupr,,x",
        "tanggul kali jebol lagi dan saluran irigasi mampet,pupr,,2026-01-01",  # when the name meant one part
        "tanggul kali jebol lagi dan saluran irigasi,pupr,,2025-12-31T18:00:00Z",  # the same night, in UTC
    )
    columns = Columns(date="bagian")
    data = read_labelled([path], load_region(folder), columns, day=dt.date(2026, 11, 24))
    assert [row.agency for row in data.rows] == ["dbm", "dsda", "dbm", "dbm"]


def test_a_row_keeps_what_is_not_replaced() -> None:
    rows = [Labelled(Complaint("a b"), "x", Level.RENDAH, group="g", weight=0.5)]
    joined = join_rare(rows, Counter({"x": 1}), 2)[0]
    assert (joined.agency, joined.urgency, joined.group, joined.weight) == (OTHERS, Level.RENDAH, "g", 0.5)


def test_a_level_that_a_data_frame_made_a_decimal_of_is_read(tmp_path: Path, bekasi: Region) -> None:
    path = write(tmp_path / "a.csv", "lampu mati,dishub,3.0,x", "air mati,pdam,,x", "banjir,bpbd,3.5,x")
    data = read_labelled([path], bekasi)
    assert [row.urgency for row in data.rows] == [Level.TINGGI, None, None]
    assert [warning.row for warning in data.warnings] == [4]


def test_of_many_rows_that_cannot_be_used_every_reason_is_told_once(
    tmp_path: Path, bekasi: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*["a,Dinas Antariksa,,x"] * 40, "b,Dinas Purbakala,,x", *["c,dishub,,x"] * 3, *["d,Dnas Sosial,,x"] * 20]
    report_rows(read_labelled([write(tmp_path / "a.csv", *rows)], bekasi).bad, ())
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "61 row(s) could not be used:"
    assert [line.strip() for line in told[1:]] == [
        "40 rows: the region has no agency 'Dinas Antariksa'; the first is a.csv: row 2",
        "20 rows: the region has no agency 'Dnas Sosial'; the first is a.csv: row 46",
        "1 row: the region has no agency 'Dinas Purbakala'; the first is a.csv: row 42",
    ]


@pytest.mark.parametrize(("code", "hour"), [("32.16", 23), ("73.71", 24), ("94.71", 25), (None, 23)])
def test_a_moment_is_of_the_day_that_it_is_in_the_region(
    code: str | None, hour: int, bekasi: Region, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("teks,instansi,tanggal\nlampu mati,dishub,2025-01-01T16:00:00Z\n")
    (row,) = read_labelled(tmp_path / "a.csv", dataclasses.replace(bekasi, code=code) if code else None).rows
    assert row.created_at == dt.datetime(2025, 1, 1) + dt.timedelta(hours=hour)  # noqa: DTZ001 (told by that clock)

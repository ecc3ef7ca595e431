"""CSV as people save it: encodings, separators, quotes, lines that are too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.batch import Columns, Record, read_records, split_bad, text_files
from pipeline.errors import DataError
from tests.pipeline.batch.labelled_rows import HEADER, ROWS, read


def _csv(separator: str) -> str:
    quoted = [[f'"{cell}"' for cell in row] for row in (HEADER, *ROWS)]
    return "\r\n".join(separator.join(row) for row in quoted)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_in_every_encoding_and_separator(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(_csv(separator).encode(encoding))
    records, bad = read(path)
    assert not bad
    assert [r.complaint.text for r in records] == [row[1] for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_told_by_their_noughts_where_no_mark_tells_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "lapor.csv"
    path.write_bytes("isi;instansi\r\n“lampu” mati;dishub\r\nbanjir;bpbd\r\n".encode(encoding))
    found = list(read_records(path))
    assert [(r.complaint.text, r.agency) for r in found if isinstance(r, Record)] == [
        ("“lampu” mati", "dishub"),
        ("banjir", "bpbd"),
    ]
    assert len(found) == 2


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n", '"sep=;"\n'])
def test_a_first_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path, first: str) -> None:
    path = tmp_path / "lapor.csv"
    path.write_text(f"{first}isi;instansi,tujuan,kantor\nlampu mati;dishub\nbanjir;a;b\n", newline="")
    good, bad = split_bad(read_records(path, Columns(agency="instansi,tujuan,kantor")))
    assert [(r.row, r.agency) for r in good] == [(2, "dishub")]
    assert [r.row for r in bad] == [3]


def test_blank_lines_above_the_header_do_not_hide_its_separator(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\r\n\r\nid;teks\r\n1;jalan rusak, lampu mati\r\n", encoding="utf-8", newline="")
    records, bad = read(path)
    assert not bad
    assert [(r.row, r.complaint.id, r.complaint.text) for r in records] == [(4, "1", "jalan rusak, lampu mati")]


@pytest.mark.parametrize(
    ("lines", "rows", "refused"),
    [
        (['"jalan rusak,x', "lampu mati,y", "air mati,z"], {3: "lampu mati", 4: "air mati"}, {2: 2}),
        (["jalan rusak,x", '"lampu mati,y', 'air "mati",z'], {2: "jalan rusak", 4: 'air "mati"'}, {3: 3}),
        (["jalan rusak,x", "lampu mati,y", 'air mati,"z'], {2: "jalan rusak", 3: "lampu mati"}, {4: 4}),
        (['"jalan\nrusak",x', '"air mati', '"a""b"', "banjir"], {2: "jalan\nrusak", 4: 'a"b', 5: "banjir"}, {3: 4}),
        (['"jalan', "air mati,y", '"lampu, yang\nmati",z'], {3: "air mati", 4: "lampu, yang\nmati"}, {2: 2}),
        (['"jalan, "besar" rusak",x', "air mati,y"], {2: 'jalan, besar" rusak"', 3: "air mati"}, {}),
        (['"jalan\nrusak" ,x', '"lampu\nmati"  ', '"air\nmati" !,y'],
         {2: "jalan\nrusak", 3: "lampu\nmati", 5: 'mati" !'}, {4: 6}),
        (['"jalan,x', 'pipa 3" bocor,y'], {3: 'pipa 3" bocor'}, {2: 2}),
        (['"a","x', 'b","y', 'c","z', "banjir,x"], {5: "banjir"}, {2: 2, 3: 3, 4: 4}),
    ],
)  # fmt: skip
def test_a_quote_that_is_never_closed_costs_the_line_that_opens_it_and_no_other(
    tmp_path: Path, lines: list[str], rows: dict[int, str], refused: dict[int, int]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["teks,dinas", *lines]), encoding="utf-8")
    records, bad = read(path)
    assert {r.row: r.complaint.text for r in records} == rows
    assert {row.row: row.reason for row in bad} == {
        number: f"a quote opened on line {line} is never closed" for number, line in refused.items()
    }


def test_an_open_quote_is_given_up_within_bounds_and_every_line_is_read_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_LINE_CHARS", 10_000)
    path = tmp_path / "a.csv"
    rows = [f"jalan rusak nomor {i},dinas" for i in range(2_000)]
    # The first quote ends at the limit, those of the last lines at the end of the file; each may also open another one.
    lines = ["teks,dinas", '"jalan rusak', *rows, *(f'"{i}","banjir' for i in range(200))]
    path.write_text("\n".join(lines), encoding="utf-8")
    records, bad = read(path)
    assert len(records) == len(rows)
    assert [row.row for row in bad] == [2, *range(2_003, 2_203)]
    asked = [line for line in records if line.row == 2_002]
    assert asked[0].complaint.text == "jalan rusak nomor 1999"


@pytest.mark.parametrize("quote", ["", '"'])
def test_of_a_line_that_is_too_long_no_piece_becomes_a_row(
    quote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_LINE_CHARS", 1_000)
    photo = f"{quote}{'iVBOR' * 500}{quote}"
    (tmp_path / "a.csv").write_text(f"isi,foto\nlampu mati,{photo}\nair mati,{photo}\nsampah bau,\n")
    good, bad = read(tmp_path / "a.csv")
    assert [record.complaint.text for record in good] == ["sampah bau"]
    assert [(row.row, row.reason) for row in bad] == [(n, "a line is longer than 1,000 characters") for n in (2, 3)]


def test_a_header_whose_quote_is_never_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"teks,dinas\njalan rusak,x\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 1 is never closed"):
        read(path)

"""Report of changes: counts are correct, texts are masked, samples come with intervals."""

from __future__ import annotations

import datetime as dt
import errno
import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from pipeline.batch.answers import ADDED
from pipeline.batch.report.changes import NOT_SHOWN, OTHERS, Changes, Reading
from pipeline.batch.report.examples import heaviest
from pipeline.batch.report.intervals import Scope, wilson_interval
from pipeline.batch.report.page import page
from pipeline.batch.report.sink import ReportFiles, write_report
from pipeline.batch.report.svg import Bar, bars, matrix
from pipeline.errors import BatchError

READING = Reading(
    "", {"text": ["isi"], "agency": ["dinas"], "date": ["masuk"], "answered": ["dijawab"]}, {"a": "Dinas A"}, 24
)
DAY = dt.datetime(2024, 3, 1, 8)  # noqa: DTZ001


def result(**cells: object) -> dict[str, object]:
    empty: dict[str, object] = {field.name: None for field in ADDED}
    usual = {"agency": "a", "probability": 0.9, "decision": "suggest", "urgency": "sedang", "model": "m"}
    given = {"isi": "jalan rusak", "dinas": "a", "masuk": DAY, "dijawab": None}
    return {**empty, **usual, "previous": "a", "agrees": True, **given, **cells}


@pytest.fixture
def changes() -> Changes:
    rows = [
        result(),
        result(kecamatan="Cibitung"),
        result(dinas="b", previous="b", agrees=False, isi="hubungi 0812-3456-7890 <b>", kecamatan="Cibitung"),
        result(dinas="b", previous="b", agrees=False, probability=0.5, masuk=DAY.replace(month=4)),
        result(dinas="Kantor Lama", previous=None, agrees=None),
        result(dinas=None, previous=None, agrees=None),
        result(urgency="darurat", dijawab=DAY + dt.timedelta(hours=30), isi="rumah terbakar"),
        result(urgency="darurat", dijawab=DAY + dt.timedelta(hours=3)),
        result(urgency="darurat"),
    ]
    schema = pa.schema([*ADDED, ("isi", pa.string()), ("dinas", pa.string()),
                        ("masuk", pa.timestamp("us")), ("dijawab", pa.timestamp("us"))])  # fmt: skip
    counted = Changes(READING)
    counted.add(pa.Table.from_pylist(rows, schema))
    return counted


def test_moves_are_counted_by_agency_month_kecamatan_and_probability(changes: Changes) -> None:
    assert (changes.rows, changes.total.known, changes.total.moved) == (9, 7, 2)
    assert changes.flow == {("Dinas A", "Dinas A"): 5, ("b", "Dinas A"): 2, ("Kantor Lama", "Dinas A"): 1}
    assert {month: (t.known, t.moved) for month, t in changes.by_month.items()} == {
        "2024-03": (6, 1),
        "2024-04": (1, 1),
    }
    assert changes.by_kecamatan["Cibitung"].share == 0.5
    assert (changes.sure_of_moves, changes.sure_of_stays) == ({9: 1, 5: 1}, {9: 5})
    assert changes.unknown_labels == {"Kantor Lama": 1}


def test_a_sure_disagreement_is_probably_a_wrong_history_and_its_text_is_masked(changes: Changes) -> None:
    assert changes.probably_wrong == 1
    assert [e.text for e in changes.wrong_examples] == ["hubungi [TELEPON] <b>"]
    assert changes.wrong_examples[0].position == -3
    shown = page(changes, Scope())
    assert "hubungi [TELEPON] &lt;b&gt;" in shown
    assert "0812" not in shown


def test_the_matrix_has_each_name_once_and_others_only_where_there_are_some(changes: Changes) -> None:
    assert OTHERS not in page(changes, Scope())
    changes.flow[OTHERS, "Dinas A"] = 7  # labels beyond the limit, which are counted together
    shown = page(changes, Scope()).partition("Perpindahan terbanyak")[0]
    assert shown.count("lainnya → Dinas A: 7<") == 1
    assert "→ lainnya" not in shown


def test_of_a_text_that_was_sent_many_times_one_example_is_shown() -> None:
    wrong = {"dinas": "b", "previous": "b", "agrees": False}
    rows = [result(**wrong, isi="kampanye")] * 3 + [result(**wrong, isi="lain", probability=0.85)]
    counted = Changes(READING)
    counted.add(pa.Table.from_pylist(rows))
    assert counted.probably_wrong == 4
    assert [(e.text, -e.position) for e in heaviest(counted.wrong_examples)] == [("kampanye", 1), ("lain", 4)]


def test_a_time_with_a_zone_and_one_without_are_told_by_one_clock() -> None:
    told = {"urgency": "darurat", "masuk": "2024-02-29 23:00"}
    rows = [
        result(**told, dijawab="2024-03-01T22:59:00+07:00"),
        result(**told, dijawab="2024-03-01T16:01:00Z"),
        result(masuk="2024-02-29T17:00:00Z", dijawab="9999-12-31T23:59:59Z"),
    ]
    counted = Changes(READING)
    counted.add(
        pa.Table.from_pylist(
            rows, pa.schema([*ADDED, *((name, pa.string()) for name in ("isi", "dinas", "masuk", "dijawab"))])
        )
    )
    assert (counted.emergencies_timed, counted.emergencies_late) == (2, 1), "exactly 24 hours is late"
    assert {month: tally.known for month, tally in counted.by_month.items()} == {"2024-02": 2, "2024-03": 1}


def test_free_text_in_the_column_of_the_agency_or_the_kecamatan_is_masked_cut_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.report.changes.MAX_NAMES", few := 60)
    wrote = "Saya NIK 3216011234560001, hubungi 0812-3456-7890, tolong lampu di depan rumah saya sudah mati sejak"
    told = {"previous": None, "agrees": None}
    rows = [result(dinas=f"{wrote} {i}", **told) for i in range(3)]
    rows += [result(dinas=f"{i} {wrote}", isi=wrote, urgency="darurat", dijawab=None, **told) for i in range(2 * few)]
    rows += [result(dijawab=f"{i} {wrote}", dinas="b", previous="b", agrees=False) for i in range(2 * few)]
    schema = pa.schema([*ADDED, *((name, pa.string()) for name in ("isi", "dinas", "dijawab"))])
    columns = {"text": ["isi"], "agency": ["dinas"], "kecamatan": ["dijawab"]}
    counted = Changes(Reading(READING.prefix, columns, READING.names, READING.late_hours))
    counted.add(pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema))
    assert sum(counted.flow.values()) == sum(counted.unknown_labels.values()) + 2 * few == len(rows)
    assert counted.unknown_labels["Saya NIK [NIK], hubungi [TELEPON], tolong lampu di depan ru…"] == 3
    assert counted.unknown_labels[OTHERS] == few + 1
    assert {len(counted.unknown_labels), len(counted.by_kecamatan)} == {few + 1}
    files = ReportFiles.named(tmp_path / "r")
    write_report(files, counted, Scope())
    book = CalamineWorkbook.from_path(files.workbook)
    cells = [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    for shown in (files.page.read_text(), *cells):
        assert not re.search(r"32160112|0812|sudah mati sejak \d", shown)


@pytest.mark.parametrize(
    "texts", [["gang gelap", f"lampu mati! {'Tolong ' * 9}"], [f"gang {i} gelap" for i in range(300)]]
)
def test_short_complaints_in_the_column_of_the_agency_or_the_kecamatan_are_not_shown(
    texts: list[str], tmp_path: Path
) -> None:
    late = {"urgency": "darurat", "dijawab": DAY + dt.timedelta(hours=30)}
    rows = [result(dinas=text, isi="Kantor Lama", previous=None, agrees=None, **late) for text in texts]
    rows += [result(kec=text, isi="Kantor Lama") for text in texts]
    rows += [result(kecamatan="Cibitung")]
    schema = pa.schema([*ADDED, *((name, pa.string()) for name in ("isi", "dinas", "kec")),
                        ("masuk", pa.timestamp("us")), ("dijawab", pa.timestamp("us"))])  # fmt: skip
    columns = {**READING.columns, "kecamatan": ["kec"]}
    counted = Changes(replace(READING, columns=columns))
    counted.add(pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema))
    shown = counted.for_showing()
    assert shown.unknown_labels == {NOT_SHOWN: len(texts)}
    assert {name: tally.known for name, tally in shown.by_kecamatan.items()} == {NOT_SHOWN: len(texts), "Cibitung": 1}
    files = ReportFiles.named(tmp_path / "r")
    write_report(files, counted, Scope())
    book = CalamineWorkbook.from_path(files.workbook)
    cells = [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    for text in (files.page.read_text(), *cells):
        assert not re.search(r"gang|lampu|Tolong", text)


def test_a_disk_that_is_full_when_the_workbook_is_written_is_told(
    changes: Changes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(BatchError, match=r"r\.xlsx cannot be written: No space left"):
        write_report(ReportFiles.named(tmp_path / "r"), changes, Scope())
    assert list(tmp_path.iterdir()) == [], "no page beside a workbook of another run"


def test_an_unknown_label_is_no_move(changes: Changes) -> None:
    shown = page(changes, Scope())
    moves, unknown = shown.partition("Perpindahan terbanyak")[2].partition("tidak dikenal")[::2]
    assert "<td>b</td><td>Dinas A</td>" in moves
    assert "<td>Kantor Lama</td>" not in moves
    assert "<td>Kantor Lama</td>" in unknown


def test_what_stands_for_no_label_is_counted_as_a_row_without_one() -> None:
    counted = Changes(READING)
    rows = [result(dinas=dinas, previous=None, agrees=None) for dinas in ("-", "N/A", "tidak ada", None, "Kantor Lama")]
    counted.add(pa.Table.from_pylist(rows))
    assert (counted.rows, counted.unknown_labels) == (5, {"Kantor Lama": 1})
    assert counted.flow == {("Kantor Lama", "Dinas A"): 1}


def test_an_emergency_answered_late_is_told_with_its_hours(changes: Changes) -> None:
    assert (changes.emergencies, changes.emergencies_timed, changes.emergencies_late) == (3, 2, 1)
    assert [(e.weight, e.text) for e in changes.late_examples] == [(30, "rumah terbakar")]


def test_the_page_needs_nothing_from_elsewhere_and_the_workbook_has_its_tables(
    changes: Changes, tmp_path: Path
) -> None:
    write_report(ReportFiles.named(tmp_path / "r"), changes, Scope())
    shown = (tmp_path / "r.html").read_text()
    assert "<svg" in shown
    assert not [word for word in ("src=", "url(", "@import") if word in shown]
    assert re.findall(r'href="(.*?)"', shown) == ["data:,"], "only an empty icon, so that the browser requests none"
    book = CalamineWorkbook.from_path(tmp_path / "r.xlsx")
    assert book.get_sheet_by_name("Alur").to_python()[1] == ["Dinas A", "Dinas A", 5.0]
    wrong = book.get_sheet_by_name("Mungkin keliru").to_python()
    assert (len(wrong), wrong[0][0], wrong[1][0]) == (2, "Baris hasil (tanpa judul)", 3.0)
    assert shown.count("Baris hasil dihitung dari 1, tanpa judul kolom.") == 2


def test_a_report_of_nothing_is_still_a_page() -> None:
    assert "tidak memuat instansi lama" in page(Changes(READING), Scope())


def test_a_samples_figures_carry_their_interval() -> None:
    # Newcombe 1998, table I: 15 of 148 gives 0.0624 to 0.1605 by Wilson's method without correction.
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert Scope(100_000).estimate(15, 148) == "10,1% (6,2%–16,0%)"


def test_history_that_the_model_learned_from_is_told_apart_from_what_came_after(tmp_path: Path) -> None:
    schema = pa.schema([*ADDED, ("isi", pa.string()), ("dinas", pa.string()), ("masuk", pa.timestamp("us"))])
    rows = [result(masuk=DAY.replace(month=month)) for month in (1, 2, 3, 4)]
    rows.append(result(masuk=None))
    rows.append(result(masuk=DAY.replace(month=1), previous=None, agrees=None))
    counted = Changes(replace(READING, learned_until=DAY.date()))
    counted.add(pa.Table.from_pylist(rows, schema))
    assert counted.learned == 3, "rows with a known agency, up to that day"
    told = "3 di antaranya tidak lebih baru daripada aduan terbaru yang dipelajari model (2024-03-01)"
    assert told in page(counted, Scope())
    files = ReportFiles.named(tmp_path / "report")
    write_report(files, counted, Scope())
    summary = CalamineWorkbook.from_path(files.workbook).get_sheet_by_name("Ringkasan").to_python()
    assert ["Mungkin dipelajari model (sampai 2024-03-01)", 3] in summary
    newer = Changes(replace(READING, learned_until=dt.date(2023, 12, 31)))
    newer.add(pa.Table.from_pylist(rows, schema))
    assert "dipelajari model" not in page(newer, Scope())


def test_thousands_in_the_matrix_keep_their_hundreds() -> None:
    flow = {("a", "a"): 1_784, ("a", "b"): 12_340, ("b", "b"): 999, ("b", "a"): 1_250_000}
    drawn = re.findall(r">([^<>]+)</text>", matrix(flow, ["a", "b"], ["a", "b"]))
    assert {"1,8rb", "12rb", "999", "1,2jt"} <= set(drawn)


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0.013, ["0%", "0,5%", "1%"]),
        (0.00004, ["0%", "0,001%", "0,002%", "0,003%", "0,004%"]),
        (0.98, ["0%", "20%", "40%", "60%", "80%"]),
    ],
)
def test_bars_have_an_axis_to_read_them_by_however_short_they_are(most: float, marks: list[str]) -> None:
    assert re.findall(r">([\d,]+%)<", bars([Bar("2024-03", most / 2, 0.0, most, "6 dari 900")], "bagian")) == marks

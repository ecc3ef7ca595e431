"""Preparation of training and evaluation data; everything left out is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.region import Region
from training.data import Labelled, read_labelled
from training.prepare import _unseen_phrasings, prepare, read_starter
from training.starter import generate, write_corpus

PHRASINGS = (("starter 1", "sampah menumpuk"), ("starter 2", "bak sampah penuh"), ("starter 3", "sampah tak diangkut"))


@pytest.fixture(scope="module")
def starter(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("starter") / "starter.parquet"
    write_corpus(path, generate(bekasi, 600, seed=1, noise=0.0))  # several phrasings of one problem
    return path


def _prepare(rows: list[str], starter: Path, folder: Path) -> tuple[str, dict[str, object]]:
    file = folder / "labelled.csv"
    file.write_text("\n".join(["teks,instansi,urgensi,tanggal,kecamatan", *rows]), encoding="utf-8")
    done = CliRunner().invoke(
        assemble(), ["prepare", str(file), "--starter-file", str(starter), "--out", str(folder / "out")]
    )
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split()), json.loads((folder / "out" / "card.json").read_text(encoding="utf-8"))


def _text(row: Labelled) -> str:
    return row.complaint.text


def test_rows_without_agency_and_dates_that_are_none_are_told_and_counted(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},{'dishub' if n % 4 else ''},tinggi,kemarin,Cibitung" for n in range(40)]
    told, card = _prepare([*rows, "sampah menumpuk,antariksa,,kemarin,"], starter, tmp_path)
    assert (card["train"], card["without_agency"], card["undated"], card["unusable"]) == (30, 10, 30, 1)
    assert "1 row(s) could not be used" in told
    assert "40 row(s) used without their date" in told
    assert "10 name no agency, 30 have no date" in told
    assert card["hold_out_is"] == "starter"
    assert "Too few complaints have a date" in told


def test_a_problem_of_the_starter_corpus_is_never_held_out_whole(starter: Path) -> None:
    rows = read_starter(starter)
    learnt, held = _unseen_phrasings(rows, share=1)
    assert {row.problem for row in learnt} == {row.problem for row in rows}
    assert {row.group for row in learnt}.isdisjoint(row.group for row in held)
    assert held
    assert _unseen_phrasings(rows, share=0) == (rows, [])


def test_a_phrasing_with_many_variants_is_still_one_of_which_one_is_learnt() -> None:
    rows = [Labelled(Complaint(f"{text} {n}"), "dlh", None, "a", group) for group, text in PHRASINGS for n in range(2)]
    learnt, held = _unseen_phrasings(rows, share=1)
    assert {row.group for row in learnt} == {"starter 1"}
    assert {row.group for row in held} == {"starter 2", "starter 3"}


def test_where_nothing_has_a_date_phrasings_are_held_out_whole_and_nothing_of_them_is_lost(
    starter: Path, tmp_path: Path
) -> None:
    _, card = _prepare(["lampu jalan mati,dishub,,,"], starter, tmp_path)
    given, learnt = read_starter(starter), read_starter(tmp_path / "out" / "starter.parquet")
    held = read_starter(tmp_path / "out" / "holdout.parquet")
    assert (card["starter"], card["hold_out"]) == (len(learnt), len(held))
    assert held
    assert {row.group for row in learnt}.isdisjoint(row.group for row in held)
    assert sorted([*learnt, *held], key=_text) == sorted(given, key=_text)


def test_the_card_knows_the_data_again(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-{n + 1:02},Cibitung" for n in range(20)]
    told = {_prepare(labelled, starter, tmp_path)[1]["sha256"] for labelled in (rows, rows, rows[:-1])}
    assert len(told) == 2
    relabelled = [rows[0].replace("dishub", "dlh"), *rows[1:]], [rows[0].replace(",,", ",tinggi,"), *rows[1:]]
    assert len(told | {_prepare(labelled, starter, tmp_path)[1]["sha256"] for labelled in relabelled}) == 4


def test_of_a_folder_all_is_read_but_what_explains_it_and_what_is_hidden(starter: Path, tmp_path: Path) -> None:
    folder = tmp_path / "labelled"
    (folder / "older").mkdir(parents=True)
    for name, text in (("2025.csv", "lampu mati"), ("2024.csv", "sampah menumpuk"), (".2023.csv", "got mampet")):
        (folder / name).write_text(f"teks,instansi\n{text},dlh\n", encoding="utf-8")
    (folder / "README.md").write_text("What citizens wrote.", encoding="utf-8")
    command = ["prepare", str(folder), "--starter-file", str(starter), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(assemble(), command).exit_code == 0
    kept = pq.read_table(tmp_path / "out" / "train.parquet").to_pylist()
    assert [(row["text"], row["agency"]) for row in kept] == [("sampah menumpuk", "dlh"), ("lampu mati", "dlh")]
    (folder / "2026.docx").write_bytes(b"PK")
    assert "2026.docx" in str(CliRunner().invoke(assemble(), command).exception)


@pytest.mark.parametrize("name", ["train.parquet", "aduan.csv"])
def test_the_result_is_never_written_among_what_is_read(starter: Path, tmp_path: Path, name: str) -> None:
    labelled = tmp_path / "labelled"
    labelled.mkdir()
    rows = [{"text": "Sampah menumpuk", "agency": "Dinas Lingkungan Hidup"}]
    if name.endswith(".csv"):
        (labelled / name).write_text("text,agency\nSampah menumpuk,Dinas Lingkungan Hidup\n")
    else:
        pq.write_table(pa.Table.from_pylist(rows), labelled / name)
    before = (labelled / name).read_bytes()
    with pytest.raises(DataError, match="--out"):
        prepare([labelled], starter, "kab_bekasi", 0.2, labelled)
    with pytest.raises(DataError, match=r"overwrite .*starter\.parquet.*--out"):
        prepare([labelled], starter, "kab_bekasi", 0.2, starter.parent)
    assert (labelled / name).read_bytes() == before
    assert [file.name for file in labelled.iterdir()] == [name]
    assert [file.name for file in starter.parent.iterdir()] == [starter.name]


def test_a_file_under_two_names_is_taken_once_and_counted(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-{n + 1:02},Cibitung" for n in range(20)]
    told, card = _prepare([*rows, *(row.upper().replace("DISHUB", "dishub") for row in rows)], starter, tmp_path)
    assert (card["train"], card["hold_out"], card["repeated"], card["seen_twice"]) == (16, 4, 20, 0)
    assert "20 are duplicates" in told
    other = [f"lampu jalan mati nomor {n},dlh,,,Cibitung" for n in (0, 19)]
    told, card = _prepare([*rows, *other], starter, tmp_path)
    assert (card["train"], card["hold_out"], card["repeated"], card["seen_twice"]) == (17, 4, 0, 1), "people disagreed"
    assert "1 more left out, as the same text is held out" in told


def test_complaints_that_all_bear_the_day_of_their_import_are_trained_on(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-01,Cibitung" for n in range(20)]
    told, card = _prepare(rows, starter, tmp_path)
    assert (card["train"], card["hold_out_is"]) == (20, "starter")
    assert "or most share one" in told
    half = [*rows[:10], *(row.replace("06-01", "06-02") for row in rows[10:])]
    card = _prepare(half, starter, tmp_path)[1]
    assert (card["train"], card["hold_out"], card["since"]) == (10, 10, "2026-06-02"), "a day is not split"
    card = _prepare([*half[1:]], starter, tmp_path)[1]
    assert (card["train"], card["hold_out_is"]) == (19, "starter"), "one day has more than half of all"


def test_a_row_that_is_taken_once_keeps_what_any_of_its_copies_tells(starter: Path, tmp_path: Path) -> None:
    rows = ["lampu mati di pasar,dishub,,,", "lampu mati di pasar,dishub,tinggi,2026-06-01,Cibitung"]
    _prepare(rows, starter, tmp_path)
    (row,) = pq.read_table(tmp_path / "out" / "train.parquet").to_pylist()
    assert (row["urgency"], row["district"], row["date"] is None) == ("tinggi", "Cibitung", False)


def test_columns_by_any_name_are_taken_along_into_what_is_trained_on(starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "banyumas.csv"
    rows = [f"lampu mati nomor {n};dishub;Mendesak;Desa Tamansari" for n in range(3)]
    file.write_text("\n".join(["Uraian Warga;Bidang;Tingkat;Titik", *rows]), encoding="cp1252")
    told = ("--text", "Uraian Warga", "--agency", "Bidang", "--urgency", "Tingkat", "--address", "Titik")
    done = CliRunner().invoke(
        assemble(), ["prepare", str(file), "--starter-file", str(starter), "--out", str(tmp_path / "out"), *told]
    )
    assert done.exit_code == 0, done.output
    kept = pq.read_table(tmp_path / "out" / "train.parquet").to_pylist()
    assert [(row["urgency"], row["address"]) for row in kept] == [("tinggi", "Desa Tamansari")] * 3


def test_a_model_of_the_starter_corpus_alone_is_not_prepared_where_labels_were_meant(
    starter: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.csv"
    file.write_text("teks,bidang\nlampu mati,dishub\n", encoding="utf-8")
    command = ["prepare", str(tmp_path), "--starter-file", str(starter), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(assemble(), command)
    assert "No row of labelled.csv names an agency" in str(done.exception)
    file.unlink()
    assert CliRunner().invoke(assemble(), command).exit_code == 0


def test_a_file_that_is_no_starter_corpus_says_why(tmp_path: Path) -> None:
    file = tmp_path / "other.parquet"
    file.write_text("teks,instansi", encoding="utf-8")
    with pytest.raises(DataError, match="not a Parquet file"):
        read_starter(file)
    pq.write_table(pa.table({"text": ["lampu mati"], "instansi": ["dishub"]}), file)
    with pytest.raises(DataError, match="no column agency, urgency, problem"):
        read_starter(file)
    row = {"agency": ["dishub"], "urgency": ["sedang"], "problem": [None]}
    pq.write_table(pa.table({"text": pa.array([None], pa.string()), **row}), file)
    with pytest.raises(DataError, match="without text"):
        read_starter(file)


@pytest.mark.parametrize(
    ("column", "cells", "why"),
    [
        ("urgency", [3, 3], "its column urgency isn't text"),
        ("agency", [5, 5], "its column agency isn't text"),
        ("text", [b"lampu mati", b"got mampet"], "its column text isn't text"),
        ("text", ["lampu mati", "?"], "row 2: "),
        ("phrasing", None, "it has no column phrasing"),
    ],
)
def test_a_starter_corpus_that_lost_what_it_is_made_of_says_what(
    column: str, cells: list[object] | None, why: str, tmp_path: Path
) -> None:
    corpus: dict[str, list[object]] = {
        "text": ["lampu mati", "got mampet"],
        "agency": ["dishub", "dsda"],
        "urgency": ["sedang", "sedang"],
        "problem": ["a/b", "c/d"],
        "phrasing": [1, 2],
    }
    pq.write_table(pa.table(corpus), tmp_path / "corpus.parquet")
    assert len(read_starter(tmp_path / "corpus.parquet")) == 2
    changed = {name: cells if name == column else kept for name, kept in corpus.items()}
    pq.write_table(pa.table({name: kept for name, kept in changed.items() if kept}), tmp_path / "corpus.parquet")
    with pytest.raises(DataError, match=why):
        read_starter(tmp_path / "corpus.parquet")


def test_a_starter_corpus_that_another_tool_wrote_again_is_read_as_before(starter: Path, tmp_path: Path) -> None:
    table = pq.read_table(starter)
    for position, name in enumerate(table.column_names):
        if name in {"agency", "urgency"}:
            table = table.set_column(position, name, table[name].dictionary_encode())  # pandas categories
        elif name in {"text", "problem"}:
            table = table.set_column(position, name, table[name].cast(pa.large_string()))  # Polars
    pq.write_table(table, tmp_path / "again.parquet")
    assert read_starter(tmp_path / "again.parquet") == read_starter(starter)


def test_the_newest_are_held_out_and_keep_their_district(starter: Path, tmp_path: Path, bekasi: Region) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-{n + 1:02},Cibitung" for n in range(20)]
    told, card = _prepare(rows, starter, tmp_path)
    assert (card["hold_out_is"], card["undated"]) == ("newest", 0)
    assert "Too few complaints have a date" not in told
    held = read_labelled([tmp_path / "out" / "holdout.parquet"], bekasi).rows
    assert {row.district for row in held} == {"Cibitung"}
    assert card["since"] == min(row.created_at for row in held if row.created_at).date().isoformat()


def test_no_region_is_offered_only_where_one_can_do_without() -> None:
    helps = {
        command: " ".join(CliRunner().invoke(assemble(), [command, "--help"]).output.split())
        for command in ("prepare", "train", "suspects")
    }
    offered = {command for command, text in helps.items() if '"none"' in text}
    assert offered == {"train", "suspects"}, "the starter corpus that prepare joins is a region's"

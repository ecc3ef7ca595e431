"""What is prepared to train and to measure on; nothing is left out without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import _assemble
from pipeline.errors import DataError
from pipeline.region import Region
from training.data import read_labelled
from training.prepare import _unseen_phrasings, read_starter
from training.starter import generate, write_corpus


@pytest.fixture(scope="module")
def starter(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("starter") / "starter.parquet"
    write_corpus(path, generate(bekasi, 60, seed=1, noise=0.0))
    return path


def _prepare(rows: list[str], starter: Path, folder: Path) -> tuple[str, dict[str, object]]:
    file = folder / "labelled.csv"
    file.write_text("\n".join(["teks,instansi,urgensi,tanggal,kecamatan", *rows]), encoding="utf-8")
    done = CliRunner().invoke(
        _assemble(), ["prepare", str(file), "--starter-file", str(starter), "--out", str(folder / "out")]
    )
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split()), json.loads((folder / "out" / "card.json").read_text(encoding="utf-8"))


def test_rows_without_agency_and_dates_that_are_none_are_told_and_counted(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},{'dishub' if n % 4 else ''},tinggi,kemarin,Cibitung" for n in range(40)]
    told, card = _prepare([*rows, "sampah menumpuk,antariksa,,kemarin,"], starter, tmp_path)
    assert (card["train"], card["without_agency"], card["undated"], card["unusable"]) == (30, 10, 30, 1)
    assert "1 row(s) not usable" in told
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


def test_a_file_under_two_names_is_taken_once_and_counted(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-{n + 1:02},Cibitung" for n in range(20)]
    told, card = _prepare([*rows, *(row.upper().replace("DISHUB", "dishub") for row in rows)], starter, tmp_path)
    assert (card["train"], card["hold_out"], card["repeated"], card["seen_twice"]) == (16, 4, 20, 0)
    assert "20 repeat others" in told
    other = [f"lampu jalan mati nomor {n},dlh,,,Cibitung" for n in (0, 19)]
    card = _prepare([*rows, *other], starter, tmp_path)[1]
    assert (card["train"], card["hold_out"], card["repeated"], card["seen_twice"]) == (17, 4, 0, 1), "people disagreed"


def test_complaints_that_all_bear_the_day_of_their_import_are_trained_on(starter: Path, tmp_path: Path) -> None:
    rows = [f"lampu jalan mati nomor {n},dishub,,2026-06-01,Cibitung" for n in range(20)]
    told, card = _prepare(rows, starter, tmp_path)
    assert (card["train"], card["hold_out_is"]) == (20, "starter")
    assert "or most have the same" in told


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
        _assemble(), ["prepare", str(file), "--starter-file", str(starter), "--out", str(tmp_path / "out"), *told]
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
    done = CliRunner().invoke(_assemble(), command)
    assert "No row of labelled.csv names an agency" in str(done.exception)
    file.unlink()
    assert CliRunner().invoke(_assemble(), command).exit_code == 0


def test_a_file_that_is_no_starter_corpus_says_why(tmp_path: Path) -> None:
    file = tmp_path / "other.parquet"
    file.write_text("teks,instansi", encoding="utf-8")
    with pytest.raises(DataError, match="no Parquet file"):
        read_starter(file)
    pq.write_table(pa.table({"text": ["lampu mati"], "instansi": ["dishub"]}), file)
    with pytest.raises(DataError, match="no column agency, urgency, problem"):
        read_starter(file)
    row = {"agency": ["dishub"], "urgency": ["sedang"], "problem": [None]}
    pq.write_table(pa.table({"text": pa.array([None], pa.string()), **row}), file)
    with pytest.raises(DataError, match="without a text"):
        read_starter(file)


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
        command: " ".join(CliRunner().invoke(_assemble(), [command, "--help"]).output.split())
        for command in ("prepare", "train", "suspects")
    }
    offered = {command for command, text in helps.items() if '"none"' in text}
    assert offered == {"train", "suspects"}, "the starter corpus that prepare joins is a region's"

"""The most informative complaints are listed first for labelling."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from training.active_learning import rank_to_label, teaching_value


def test_what_to_label_next_names_the_row_and_asks_for_one_text_once(model_folder: Path, tmp_path: Path) -> None:
    path, listed = tmp_path / "undecided.csv", tmp_path / "teach.csv"
    path.write_text("tiket,teks\nA,lampu mati\nB,\nC,sampah dan banjir\nD,Sampah  dan banjir\n", encoding="utf-8")
    done = CliRunner().invoke(assemble(), ["teach", str(path), "--model", str(model_folder), "--out", str(listed)])
    assert done.exit_code == 0, done.output
    assert "Wrote 2 complaints to" in done.stderr.replace("\n", " ")
    with listed.open(encoding="utf-8") as file:
        rows = {row["row"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"2", "4"}, "row numbers as in a spreadsheet, counting unusable rows"
    assert rows["4"]["position"] == "2"


def test_a_complaint_of_an_office_that_the_region_lacks_may_teach_most_and_is_listed(
    model_folder: Path, tmp_path: Path
) -> None:
    path, listed = tmp_path / "undecided.csv", tmp_path / "teach.csv"
    path.write_text("teks,instansi\nlampu mati,\nroket jatuh,Dinas Antariksa\n", encoding="utf-8")
    done = CliRunner().invoke(assemble(), ["teach", str(path), "--model", str(model_folder), "--out", str(listed)])
    assert done.exit_code == 0, done.output
    with listed.open(encoding="utf-8") as file:
        assert {row["row"] for row in csv.DictReader(file)} == {"2", "3"}


def test_what_is_labelled_may_have_the_columns_of_the_undecided_or_its_own(model_folder: Path, tmp_path: Path) -> None:
    undecided, same, other = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    undecided.write_text("Uraian Warga\nlampu mati\n", encoding="utf-8")
    same.write_text("Uraian Warga,Bidang\nlampu padam,dishub\n", encoding="utf-8")
    other.write_text("teks,instansi\nlampu padam,dishub\n", encoding="utf-8")
    command = ["teach", str(undecided), "--model", str(model_folder), "--out", str(tmp_path / "teach.csv")]
    command += ["--text", "Uraian Warga"]
    for labelled in ([same, "--agency", "Bidang"], [other]):
        done = CliRunner().invoke(assemble(), [*command, "--labelled", *map(str, labelled)])
        assert done.exit_code == 0, done.output
    other.write_text("teks,instansi\n", encoding="utf-8")
    assert CliRunner().invoke(assemble(), [*command, "--labelled", str(other)]).exit_code == 0, "no labels yet"
    done = CliRunner().invoke(assemble(), [*command, "--labelled", str(same)])
    assert isinstance(done.exception, DataError)
    assert "No row of b.csv names an agency" in str(done.exception)


def test_uncertain_typical_and_rare_complaints_teach_most() -> None:
    X = csr_matrix(np.array([[1.0, 0], [1, 0], [1, 0], [0, 1]]))
    sure, unsure, rare = [0.98, 0.01, 0.01], [0.5, 0.5, 0.0], [0.0, 0.5, 0.5]
    value = teaching_value(np.array([sure, unsure, rare, unsure]), X, np.array([400, 400, 3]))
    assert value[1] > value[0], "uncertain before certain"
    assert value[2] > value[1], "rare before frequent"
    assert value[1] > value[3], "typical before odd"


def test_what_is_asked_next_is_ordered_and_complete(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    complaints = [Complaint("lampu jalan pju mati total"), Complaint("tolong ditindak"), Complaint("sampah dan banjir")]
    ranked = rank_to_label(model, complaints, ["dishub"] * 50)
    assert Counter(position for position, _ in ranked) == {0: 1, 1: 1, 2: 1}
    assert [value for _, value in ranked] == sorted((value for _, value in ranked), reverse=True)
    assert ranked[-1][0] == 0, "the certain one teaches least"
    assert rank_to_label(model, [], []) == []


def test_an_agency_that_has_many_labels_teaches_less_than_if_it_had_none(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    complaints = [Complaint("lampu jalan pju mati total"), Complaint("sampah menumpuk tidak diangkut")]
    alike = dict(rank_to_label(model, complaints, []))
    known = dict(rank_to_label(model, complaints, ["dishub"] * 99))
    assert known[0] < 0.95 * alike[0]
    assert known[1] / alike[1] > known[0] / alike[0], "a lamp is dishub's, rubbish is not"

"""Flipped labels are found, and the most informative complaints are listed first for labelling."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.region import Region
from training.active import rank_to_label, teaching_value
from training.data import Labelled
from training.labels import held_out_probabilities, rank_suspects
from training.params import ClassifierParams, FeatureParams, Params
from training.starter import generate

PARAMS = Params(classifier=ClassifierParams())
AGENCIES = ("dishub", "dlh", "pdam", "disdik", "disdukcapil", "damkar")


@pytest.fixture(scope="module")
def flipped(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """500 complaints of six agencies, 5 % of them with flipped labels, and the ids of those."""
    rows = [row for row in generate(bekasi, 3500, seed=11, noise=0.2) if row.agency in AGENCIES][:500]
    rng = np.random.default_rng(0)
    wrong = set(rng.permutation(len(rows))[: len(rows) // 20].tolist())
    path = tmp_path_factory.mktemp("flipped") / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "teks", "instansi"])
        for number, row in enumerate(rows):
            others = [agency for agency in AGENCIES if agency != row.agency]
            writer.writerow([number, row.text, rng.choice(others) if number in wrong else row.agency])
    return path, {str(number) for number in wrong}


def test_most_flipped_labels_stand_in_the_first_tenth_and_the_list_tells_no_text(
    flipped: tuple[Path, set[str]], tmp_path: Path
) -> None:
    from pipeline.cli.main import _assemble  # noqa: PLC0415 (the whole command)

    path, wrong = flipped
    params = tmp_path / "params.yaml"
    params.write_text("classifier: {balance: 0}")
    listed = tmp_path / "suspects.csv"
    done = CliRunner().invoke(_assemble(), ["suspects", str(path), "--out", str(listed), "--params", str(params)])
    assert done.exit_code == 0, done.output
    with listed.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"id", "position", "row", "given", "likely", "believable"}
    first = {row["id"] for row in rows[: len(rows) // 10]}
    assert len(first & wrong) / len(wrong) >= 0.6


def test_a_label_that_stands_once_is_not_judged_and_few_rows_are_no_crash(tmp_path: Path) -> None:
    from pipeline.cli.main import _assemble  # noqa: PLC0415 (the whole command)

    texts = ("lampu jalan mati", "pju padam", "tiang lampu roboh", "sampah menumpuk", "sampah bau", "tps penuh")
    rows = [f"{text},{'dlh' if n > 2 else 'dishub'}" for n, text in enumerate(texts)]
    path, listed = tmp_path / "rows.csv", tmp_path / "suspects.csv"
    path.write_text("\n".join(["teks,instansi", *rows, "ktp belum jadi,disdukcapil"]), encoding="utf-8")
    done = CliRunner().invoke(_assemble(), ["suspects", str(path), "--out", str(listed)], catch_exceptions=False)
    with listed.open(encoding="utf-8") as file:
        assert {row["given"] for row in csv.DictReader(file)} == {"dlh", "dishub"}
    assert "1 label(s) were not checked: each occurs on only one complaint" in done.stderr
    path.write_text("teks,instansi\nlampu mati,dishub\nsampah,dlh\n", encoding="utf-8")
    refused = CliRunner().invoke(_assemble(), ["suspects", str(path), "--out", str(listed)])
    assert isinstance(refused.exception, DataError)
    assert "No agency has two complaints" in str(refused.exception)


def test_a_copy_of_a_wrong_label_does_not_make_it_believable() -> None:
    rows = [Labelled(Complaint(f"lampu jalan mati nomor {n}"), "dishub") for n in range(30)]
    rows += [Labelled(Complaint(f"sampah menumpuk nomor {n}"), "dlh") for n in range(30)]
    wrong = Labelled(Complaint("lampu jalan padam sejak magrib"), "dlh")
    params = Params(classifier=ClassifierParams(folds=2), features=FeatureParams(min_df=1))
    first = rank_suspects([*rows, *[wrong] * 6], params)[:6]
    assert {one.position for one in first} == set(range(60, 66))
    assert {one.likely for one in first} == {"dishub"}


def test_agencies_of_copies_of_one_text_alone_have_no_suspects() -> None:
    rows = [Labelled(Complaint("lampu jalan mati"), "dishub")] * 5 + [Labelled(Complaint("sampah menumpuk"), "dlh")] * 5
    with pytest.raises(DataError, match="No agency has two complaints with different texts"):
        rank_suspects(rows, PARAMS)


def test_every_fold_is_judged_by_scores_of_one_kind() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 200)
    X = (rng.random((200, 30)) + np.eye(30)[labels] / 2).astype(np.float32)
    stacked, plain = (
        held_out_probabilities(X, labels, Params(classifier=ClassifierParams(stacking_penalty=penalty)), 5)
        for penalty in (5, None)
    )
    np.testing.assert_array_equal(stacked, plain)


def test_one_agency_has_no_suspects() -> None:
    with pytest.raises(DataError, match="two agencies"):
        rank_suspects([], PARAMS)


def test_what_to_label_next_names_the_row_and_asks_for_one_text_once(model_folder: Path, tmp_path: Path) -> None:
    from pipeline.cli.main import _assemble  # noqa: PLC0415 (the whole command)

    path, listed = tmp_path / "undecided.csv", tmp_path / "teach.csv"
    path.write_text("tiket,teks\nA,lampu mati\nB,\nC,sampah dan banjir\nD,Sampah  dan banjir\n", encoding="utf-8")
    done = CliRunner().invoke(_assemble(), ["teach", str(path), "--model", str(model_folder), "--out", str(listed)])
    assert done.exit_code == 0, done.output
    assert "Wrote 2 complaints to" in done.stderr.replace("\n", " ")
    with listed.open(encoding="utf-8") as file:
        rows = {row["row"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"2", "4"}, "row numbers as in a spreadsheet, counting unusable rows"
    assert rows["4"]["position"] == "2"


def test_what_is_labelled_may_have_the_columns_of_the_undecided_or_its_own(model_folder: Path, tmp_path: Path) -> None:
    from pipeline.cli.main import _assemble  # noqa: PLC0415 (the whole command)

    undecided, same, other = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    undecided.write_text("Uraian Warga\nlampu mati\n", encoding="utf-8")
    same.write_text("Uraian Warga,Bidang\nlampu padam,dishub\n", encoding="utf-8")
    other.write_text("teks,instansi\nlampu padam,dishub\n", encoding="utf-8")
    command = ["teach", str(undecided), "--model", str(model_folder), "--out", str(tmp_path / "teach.csv")]
    command += ["--text", "Uraian Warga"]
    for labelled in ([same, "--agency", "Bidang"], [other]):
        done = CliRunner().invoke(_assemble(), [*command, "--labelled", *map(str, labelled)])
        assert done.exit_code == 0, done.output
    other.write_text("teks,instansi\n", encoding="utf-8")
    assert CliRunner().invoke(_assemble(), [*command, "--labelled", str(other)]).exit_code == 0, "no labels yet"
    done = CliRunner().invoke(_assemble(), [*command, "--labelled", str(same)])
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

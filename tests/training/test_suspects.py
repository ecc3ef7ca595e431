"""Flipped labels are found, and what cannot be judged is not."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.region import Region
from training.data import Labelled
from training.params import ClassifierParams, FeatureParams, Params
from training.starter import generate
from training.suspects import held_out_probabilities, rank_suspects

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
    path, wrong = flipped
    params = tmp_path / "params.yaml"
    params.write_text("classifier: {balance: 0}")
    listed = tmp_path / "suspects.csv"
    done = CliRunner().invoke(assemble(), ["suspects", str(path), "--out", str(listed), "--params", str(params)])
    assert done.exit_code == 0, done.output
    with listed.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"id", "position", "row", "given", "likely", "believable"}
    first = {row["id"] for row in rows[: len(rows) // 10]}
    assert len(first & wrong) / len(wrong) >= 0.6


def test_a_label_that_stands_once_is_not_judged_and_few_rows_are_no_crash(tmp_path: Path) -> None:
    texts = ("lampu jalan mati", "pju padam", "tiang lampu roboh", "sampah menumpuk", "sampah bau", "tps penuh")
    rows = [f"{text},{'dlh' if n > 2 else 'dishub'}" for n, text in enumerate(texts)]
    path, listed = tmp_path / "rows.csv", tmp_path / "suspects.csv"
    path.write_text("\n".join(["teks,instansi", *rows, "ktp belum jadi,disdukcapil"]), encoding="utf-8")
    done = CliRunner().invoke(assemble(), ["suspects", str(path), "--out", str(listed)], catch_exceptions=False)
    with listed.open(encoding="utf-8") as file:
        assert {row["given"] for row in csv.DictReader(file)} == {"dlh", "dishub"}
    assert "1 label(s) were not checked: each occurs on only one complaint" in done.stderr
    path.write_text("teks,instansi\nlampu mati,dishub\nsampah,dlh\n", encoding="utf-8")
    refused = CliRunner().invoke(assemble(), ["suspects", str(path), "--out", str(listed)])
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

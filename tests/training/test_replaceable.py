"""Commands that write beside other files replace what they wrote themselves, and nothing else."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.errors import DataError, ModelError
from pipeline.region import Region
from training import plots
from training.calibrate import HeldOut
from training.curves import Curves, draw_curves
from training.starter import generate, write_corpus

COMMANDS = {
    "suspects rows.csv --out suspects.csv --params params.yaml": ("suspects.csv",),
    "teach rows.csv --model model --out teach.csv": ("teach.csv",),
    "figures model rows.csv --out .": ("metrics.json", "reliability.csv", "coverage.csv", "confusion.csv"),
    "report model rows.csv --out .": (
        "index.html", "report.css", "reliability.svg", "coverage.svg", "confusion.svg", "classes.svg",
    ),
    "prepare rows.csv --starter-file corpus.parquet --out .": (
        "train.parquet", "starter.parquet", "holdout.parquet", "card.json",
    ),
    "starter new.parquet --rows 5": ("new.parquet",),
}  # fmt: skip
EVERY = [(command, name) for command, names in COMMANDS.items() for name in names]


@pytest.fixture
def folder(model_folder: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a model, labelled complaints and a starter corpus."""
    shutil.copytree(model_folder, tmp_path / "model")
    shutil.copy(corpus, tmp_path)
    texts = {"dishub": ("lampu jalan", "pju", "tiang lampu"), "dlh": ("sampah", "tumpukan sampah", "tps")}
    ills = ("mati", "rusak", "bau")
    rows = [f"{thing} {ill},{code}" for code in texts for thing, ill in itertools.product(texts[code], ills)]
    (tmp_path / "rows.csv").write_text("\n".join(["teks,instansi", *rows]), encoding="utf-8")
    (tmp_path / "params.yaml").write_text("classifier: {balance: 0}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def corpus(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("starter") / "corpus.parquet"
    write_corpus(path, generate(bekasi, 100, seed=1, noise=0.5))
    return path


def write_work(path: Path) -> None:
    """Write what somebody else could have written under such a name."""
    match path.suffix:
        case ".parquet":
            pq.write_table(pa.table({"text": ["lampu mati"], "agency": ["dishub"]}), path)
        case ".svg":
            plots.save(plots.figure("Mine", "x", "y")[0], path)
        case _:
            path.write_text("teks,instansi\nlampu mati,dishub\n", encoding="utf-8")


@pytest.mark.parametrize(("command", "name"), EVERY)
def test_what_somebody_else_wrote_is_left_alone(folder: Path, command: str, name: str) -> None:
    write_work(folder / name)
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    refused = CliRunner().invoke(assemble(), command.split())
    assert isinstance(refused.exception, DataError)
    assert f"{name} is there, and was not written by disposisi {command.split(maxsplit=1)[0]}" in str(refused.exception)
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(("command", "names"), COMMANDS.items())
def test_an_own_file_is_replaced_and_so_is_an_empty_one(folder: Path, command: str, names: tuple[str, ...]) -> None:
    if not names[0].endswith(".parquet"):  # those are never made empty by mktemp
        (folder / names[0]).write_text("", encoding="utf-8")
    for _ in range(2):
        done = CliRunner().invoke(assemble(), command.split())
        assert done.exit_code == 0, done.output
    assert all((folder / name).stat().st_size for name in names)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_where_a_file_is_due_is_told_before_anything_is_read(folder: Path, command: str) -> None:
    (folder / COMMANDS[command][-1]).mkdir()
    refused = CliRunner().invoke(assemble(), command.split())
    assert isinstance(refused.exception, DataError)
    assert f"{COMMANDS[command][-1]} is a folder" in str(refused.exception)


def test_figures_of_which_one_cannot_be_written_leave_the_old_set_together(folder: Path) -> None:
    command = "figures model rows.csv --out ."
    names = COMMANDS[command]
    assert CliRunner().invoke(assemble(), command.split()).exit_code == 0
    before = [(folder / name).read_bytes() for name in names]
    (folder / "rows.csv").write_text("teks,instansi\nsampah bau,dlh\nlampu mati,dishub\n", encoding="utf-8")
    (folder / f".new.{names[-1]}").mkdir()
    assert isinstance(CliRunner().invoke(assemble(), command.split()).exception, OSError)
    assert [(folder / name).read_bytes() for name in names] == before
    (folder / f".new.{names[-1]}").rmdir()
    assert CliRunner().invoke(assemble(), command.split()).exit_code == 0
    assert all((folder / name).read_bytes() != old for name, old in zip(names, before, strict=True))


def test_a_report_is_never_written_into_the_model_of_a_later_training(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = folder / "model" / "manifest.json"

    def draw_while_it_is_replaced(*measured: Any) -> Curves:
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"name": "later"}))
        return draw_curves(*measured)

    monkeypatch.setattr("training.report.draw_curves", draw_while_it_is_replaced)
    refused = CliRunner().invoke(assemble(), ["report", "model", "rows.csv"])
    assert isinstance(refused.exception, ModelError)
    assert "replaced by later" in str(refused.exception)
    assert not (folder / "model" / "report").exists()


def test_scores_take_the_place_of_scores_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "vectors.npz"
    np.savez_compressed(theirs, vectors=np.ones(3))
    before = theirs.read_bytes()
    with pytest.raises(DataError, match=r"vectors\.npz is there, and was not written by disposisi train --held-out"):
        HeldOut.check_writable(theirs)
    assert theirs.read_bytes() == before
    own = tmp_path / "later" / "held-out.npz"
    HeldOut.check_writable(own)
    assert not own.parent.exists()
    scores = HeldOut(np.ones((1, 2), "f4"), np.zeros(1, int), np.ones(1), np.ones(1, bool), np.zeros(1, bool))
    for _ in range(2):
        HeldOut.check_writable(own)
        scores.write(own)
    assert HeldOut.read(own).sha256 == scores.sha256

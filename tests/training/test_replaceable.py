"""Commands that write beside other files replace what they wrote themselves, and nothing else."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.main import _assemble
from pipeline.errors import DataError

COMMANDS = {
    "suspects.csv": "suspects rows.csv --out suspects.csv --params params.yaml",
    "teach.csv": "teach rows.csv --model model --out teach.csv",
    "metrics.json": "figures model rows.csv --out .",
    "index.html": "report model rows.csv --out .",
}


@pytest.fixture
def folder(model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a model and labelled complaints."""
    shutil.copytree(model_folder, tmp_path / "model")
    texts = {"dishub": ("lampu jalan", "pju", "tiang lampu"), "dlh": ("sampah", "tumpukan sampah", "tps")}
    ills = ("mati", "rusak", "bau")
    rows = [f"{thing} {ill},{code}" for code in texts for thing, ill in itertools.product(texts[code], ills)]
    (tmp_path / "rows.csv").write_text("\n".join(["teks,instansi", *rows]), encoding="utf-8")
    (tmp_path / "params.yaml").write_text("classifier: {balance: 0}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_what_somebody_else_wrote_is_left_alone_and_an_own_file_replaced(folder: Path, name: str) -> None:
    command = COMMANDS[name].split()
    (folder / name).write_text("teks,instansi\nlampu mati,dishub\n", encoding="utf-8")
    refused = CliRunner().invoke(_assemble(), command)
    assert isinstance(refused.exception, DataError)
    assert f"{name} is there, and was not written by disposisi {command[0]}" in str(refused.exception)
    assert (folder / name).read_text(encoding="utf-8") == "teks,instansi\nlampu mati,dishub\n"
    (folder / name).write_text("", encoding="utf-8")  # as mktemp leaves it
    for _ in range(2):
        done = CliRunner().invoke(_assemble(), command)
        assert done.exit_code == 0, done.output
    assert (folder / name).stat().st_size

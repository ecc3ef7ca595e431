"""What the commands that measure a model show on the terminal."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import console
from pipeline.cli.main import _assemble

DISTRICTS = ("Barat [lama]", "Timur [/lama]")


@pytest.mark.parametrize(
    "command", ["evaluate {model} {file}", "compare {model} {model} {file} --models {out} --unseen"]
)
def test_names_from_the_data_are_shown_as_they_stand_brackets_and_all(
    command: str, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.out, "width", 200)
    file = tmp_path / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = [(f"lampu jalan mati {n}", "dishub", DISTRICTS[n % 2]) for n in range(40)]
        csv.writer(opened).writerows([("teks", "instansi", "kecamatan"), *rows])
    arguments = command.format(model=model_folder, file=file, out=tmp_path / "out").split()
    done = CliRunner().invoke(_assemble(), arguments, catch_exceptions=False)
    assert done.exit_code == 0
    for district in DISTRICTS:
        assert f"district: {district}" in done.output

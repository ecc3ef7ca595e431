"""What is seen of a run while it works."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.cli.watching import BarWatch
from pipeline.errors import DataError


def test_who_watches_sees_how_far_the_writing_of_the_result_is(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"text": "lampu jalan mati"}\n' * 4 + "{oops\n")
    monkeypatch.setattr("pipeline.cli.watching.LOG_SECONDS", 0.0)
    command = ["reclassify", "a.jsonl", "-o", "b.csv", "--chunk-rows", "2", "--processes", "1"]
    told = CliRunner().invoke(assemble(), [*command, "--model", str(model_folder)]).stderr
    steps = list(dict.fromkeys(re.findall(r"INFO ((?:rows|written)=\d+)", told)))
    assert steps == ["rows=0", "rows=2", "rows=4", "rows=5", "written=0", "written=2", "written=4"]


def test_a_look_at_large_inputs_is_no_silence(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)
    monkeypatch.setattr("pipeline.cli.reclassify.err", terminal)
    (tmp_path / "a.jsonl").write_text("{}\n")
    command = ["reclassify", str(tmp_path), "--dry-run", "1", "--model", str(model_folder)]
    assert isinstance(CliRunner().invoke(assemble(), command).exception, DataError)
    assert "Scanning the input" in str(terminal.file.getvalue())  # type: ignore[attr-defined]


def test_the_bar_begins_anew_for_the_rows_that_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)
    monkeypatch.setattr("pipeline.cli.watching.err", terminal)
    with BarWatch() as watch:
        watch.begin(10)
        watch.advance(8, 2, resumed=False)
        watch.begin_writing(8)
        watch.written(3)
    shown = str(terminal.file.getvalue())  # type: ignore[attr-defined]
    for line in (r"Answering.* 10 of 10 rows", r"Writing.* 0 of 8 rows", r"Writing.* 3 of 8 rows.* 2 refused"):
        assert re.search(line, shown)

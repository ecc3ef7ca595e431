"""Every notebook runs from top to bottom on starter data, and is short enough to read in one go."""

from __future__ import annotations

import runpy
import subprocess
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from pipeline.errors import DataError

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
LONGEST = 100  # lines of cells


def test_there_are_six_and_none_is_long() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]
    for path in NOTEBOOKS:
        cells = jupytext.read(path).cells
        assert sum(len(cell.source.splitlines()) for cell in cells) < LONGEST, path.name


def test_what_a_notebook_or_plot_shows_of_complaints_stays_out_of_git() -> None:
    shown = ["notebooks/01_look_at_the_data.ipynb", "notebooks/.ipynb_checkpoints/01-checkpoint.py", "dvc_plots/a.html"]
    ignored = subprocess.run(["git", "check-ignore", *shown], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ignored.stdout.splitlines() == shown


def test_a_file_that_is_not_there_is_no_reason_to_look_at_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path / "none.csv"))
    with pytest.raises(DataError, match=r"none\.csv"):
        runpy.run_path(str(NOTEBOOKS[0]))


def test_a_file_of_ones_own_is_looked_at_for_its_own_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "teks;instansi\nlampu mati;dishub\njalan rusak;dsdabm\nLampu  mati;dishub\nbau;antariksa\nbanjir;\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("DATA", str(file))
    monkeypatch.setenv("REGION", "kota_surabaya")
    cells = runpy.run_path(str(NOTEBOOKS[0]))
    assert cells["REGION"].name == "Kota Surabaya"
    assert sorted(cells["agencies"]) == ["dishub", "dsdabm"]
    told = capsys.readouterr().out
    assert "4 complaints, 1 rows that could not be used" in told
    assert "1 name no agency, 4 have no date, 4 no urgency" in told
    assert "1 have the text, address and agency of another" in told
    assert "2 of 2 agencies have fewer than 30 complaints" in told
    assert "Texts with more than one agency: 0 of 2" in told
    assert len(cells["axes"].patches) == 4, "each level has a row, even without labels"
    assert cells["axes"].get_ylim()[0] == 0
    file.write_text("teks;bidang\nlampu mati;dishub\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.csv names an agency"):
        runpy.run_path(str(NOTEBOOKS[0]))


@pytest.mark.slow
@pytest.mark.notebooks
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROWS", "1500")
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    shown = [output.data for output in outputs if "data" in output]
    figures = [data for data in shown if "Figure" in data.get("text/plain", "")]
    assert figures
    assert all("image/png" in data for data in figures)

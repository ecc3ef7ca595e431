"""A model's report is a folder of text, figures and plots, without scripts, inline styles or network access."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.main import assemble
from pipeline.region import Region
from training.registry import promote
from training.starter import generate

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]
MARKER = "zyzzogeton"


@pytest.fixture(scope="module")
def reported(model_folder: Path, bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with its report."""
    folder = tmp_path_factory.mktemp("reported")
    shutil.copytree(model_folder, folder / "model")
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [(f"{row.text} {MARKER}", row.agency, row.urgency) for row in generate(bekasi, 300, seed=29, noise=0.5)]
        csv.writer(file).writerows([("teks", "instansi", "urgensi"), *rows])
    done = CliRunner().invoke(assemble(), ["report", str(folder / "model"), str(folder / "rows.csv")])
    assert done.exit_code == 0, done.output
    return folder / "model"


def test_the_page_stands_in_the_models_folder_with_all_it_needs(reported: Path) -> None:
    report = reported / "report"
    html = (report / "index.html").read_text(encoding="utf-8")
    needed = set(re.findall(r'(?:src|href)="([^"]+)"', html))
    assert needed == {"report.css", "reliability.svg", "coverage.svg", "confusion.svg", "classes.svg"}
    assert all((report / name).stat().st_size for name in needed)
    assert not re.search(r'<style|<script|style="| on\w+="', html)
    assert "Dinas Perhubungan (dishub)" in html
    assert "belum pernah melihat aduan nyata" in html
    assert "disposisi rollback" in html


def test_no_text_of_a_complaint_is_in_it(reported: Path) -> None:
    assert all(MARKER not in path.read_text(encoding="utf-8") for path in (reported / "report").iterdir())


def test_a_promoted_model_brings_its_report_along(reported: Path, tmp_path: Path) -> None:
    standing = promote(reported, tmp_path / "models")
    assert (tmp_path / "models" / standing.champion / "report" / "index.html").exists()

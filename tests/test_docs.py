"""The documents hold together: links lead somewhere, and the picture of the house is that of today's code."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def test_the_site_builds_and_every_link_in_it_leads_somewhere(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict"]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    pages = list((tmp_path / "site").rglob("index.html"))
    assert len(pages) >= len(list((ROOT / "docs").rglob("*.md")))
    loaded = re.compile(r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="https?://')
    assert [page for page in pages if loaded.search(page.read_text(encoding="utf-8"))] == []  # offline, as the desk


@pytest.mark.parametrize("page", ["README.md", "BACA-SAYA.md", "CONTRIBUTING.md"])
def test_every_link_of_a_page_beside_the_code_leads_somewhere(page: str) -> None:
    links = _LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_figures_of_the_first_page_stand_in_the_documents_that_tell_how_they_were_measured() -> None:
    rows = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if "[how](" in line]
    told = [(figure, row) for row in rows for figure in re.findall(r"\b0\.\d{3}(?: \([\d.-]+\))?", row)]
    assert len(told) > 5
    read = {row: " ".join((ROOT / link).read_text(encoding="utf-8") for link in _LINK.findall(row)) for row in rows}
    assert [figure for figure, row in told if figure not in read[row]] == []


def test_labels_by_choice_and_by_chance_begin_with_the_same_model() -> None:
    with (ROOT / "docs" / "active-learning.csv").open(encoding="utf-8", newline="") as file:
        begun = {(row["seed"], row["macro_f1"]) for row in csv.DictReader(file) if row["labels"] == "500"}
    assert len(begun) == len({seed for seed, _ in begun}) == 3, "else not only the labels tell them apart"


def test_the_picture_of_the_house_is_drawn_from_this_code() -> None:
    drawn = subprocess.run([sys.executable, ROOT / "docs" / "house.py"], capture_output=True, text=True, check=True)
    kept = (ROOT / "docs" / "images" / "house.svg").read_text(encoding="utf-8")
    assert drawn.stdout == kept, "Draw it again: python docs/house.py > docs/images/house.svg"

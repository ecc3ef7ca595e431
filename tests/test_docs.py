"""Documentation is consistent: links are valid, and lists match the code."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.region import load_region
from pipeline.region.schema import Agency, Landmark, PlaceEntry, RegionSettings
from serve.api.problems import problem_of
from serve.errors import ConflictError
from serve.store.accounts import Scope
from serve.store.lifecycle import CLOSED, LEADS_TO, OPEN, POSSIBLE, SENT, Action, Status
from serve.store.orders import NOT_ORDERED
from tests.conftest import ROOT
from training.starter.situations import load_situations

DOCS = ROOT / "docs"
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def _read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its header row."""
    table = text.partition(f"\n{heading}\n")[2].partition("\n|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()[2:]]


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.slow
def test_the_site_builds_and_every_link_in_it_leads_somewhere(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict"]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    pages = list((tmp_path / "site").rglob("index.html"))
    assert len(pages) >= len(list((ROOT / "docs").rglob("*.md")))
    loaded = re.compile(r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="https?://')
    assert [page for page in pages if loaded.search(page.read_text(encoding="utf-8"))] == []  # offline, like the desk


@pytest.mark.parametrize("page", ["README.md", "BACA-SAYA.md", "CONTRIBUTING.md"])
def test_every_link_of_a_page_beside_the_code_leads_somewhere(page: str) -> None:
    links = _LINK.findall(_read(page))
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_test_that_a_document_names_is_there() -> None:
    tests = [f"/{path.relative_to(ROOT)}" for path in (ROOT / "tests").rglob("test_*.py")]
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    named = {name for page in pages for name in re.findall(r"[\w/]*\btest_\w+\.py", page.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert [name for name in sorted(named) if not any(test.endswith(f"/{name}") for test in tests)] == []


def test_every_document_is_reached_from_the_first_page() -> None:
    ahead, reached = [ROOT / "README.md"], set()
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = [(page.parent / link).resolve() for link in _LINK.findall(page.read_text(encoding="utf-8"))]
        ahead += [link for link in links if link.suffix == ".md" and link.exists() and link not in reached]
    assert set(DOCS.rglob("*.md")) - {DOCS / "index.md"} - reached == set(), "not linked from anywhere"


def test_the_list_of_decisions_has_each_by_its_title() -> None:
    titles = {
        page.name: page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        for page in (DOCS / "decisions").glob("0*.md")
    }
    told = re.findall(r"^- \[(.+)\]\((.+)\)$", _read("docs/decisions/README.md"), re.MULTILINE)
    assert told == sorted(((title, page) for page, title in titles.items()), key=lambda one: one[1])


def test_the_table_of_actions_is_the_life_that_the_store_allows() -> None:
    groups = {"open": OPEN, "sent": SENT, "closed": CLOSED, "any": frozenset(Status)}
    groups |= {status.label: frozenset({status}) for status in Status}
    rows = {_quoted(first)[0]: (begins, ends) for first, begins, ends in _rows(_read("docs/store.md"), "### Actions")}
    assert set(rows) == set(Action)
    for action, possible in POSSIBLE.items():
        begins, ends = rows[action]
        assert frozenset[Status]().union(*(groups[word] for word in begins.split(", ") if word)) == possible, action
        assert ends.startswith(LEADS_TO[action].label if action in LEADS_TO else ("the same", "Perlu Verifikasi"))


def test_the_guide_to_the_api_tells_every_scope_and_every_decision() -> None:
    page = _read("docs/api.md")
    assert [_quoted(row[0]) for row in _rows(page, "## Keys and scopes")] == [[scope] for scope in Scope]
    told = [action for row in _rows(page, "## Decisions") for action in _quoted(row[0])]
    assert sorted(told) == sorted(set(Action) - NOT_ORDERED)


def test_the_guide_to_the_api_tells_every_type_of_a_conflict() -> None:
    conflicts: list[type[ConflictError]] = [ConflictError, *ConflictError.__subclasses__()]
    types = {problem_of(conflict("", mend="")).type.rpartition(":")[2] for conflict in conflicts}
    assert types <= set(_quoted(_read("docs/api.md")))


def test_the_page_on_regions_tells_every_column_and_every_setting() -> None:
    page = _read("docs/regions.md")
    settings = [name for row in _rows(page, "## region.yaml") for name in _quoted(row[0])]
    assert sorted(settings) == sorted(RegionSettings.model_fields)
    told = {name for quoted in _quoted(page + _read("docs/places.md")) for name in quoted.split(",")}
    columns = set(Agency.model_fields) | set(PlaceEntry.model_fields) | set(Landmark.model_fields)
    assert columns - told == set()


def test_sizes_of_the_starter_corpus_are_those_of_what_ships() -> None:
    page, catalogue = _read("docs/starter.md"), load_region("kab_bekasi").catalogue.values()
    problems = [problem for urusan in catalogue for problem in urusan.problems]
    phrasings = sum(len(problem.texts) for problem in problems)
    assert f"{len(problems)} problems of {len(catalogue)} urusan in {phrasings:,} phrasings" in page
    situations = load_situations()
    teaching = sum(situation.urusan is not None for situation in situations)
    assert f"{len(situations):,} messages" in page
    assert f"{teaching:,} everyday ones state their urusan" in page
    assert f"{len(situations):,} written messages" in " ".join(_read("docs/urgency.md").split())


def test_the_dispatchers_guide_tells_every_key() -> None:
    keys = re.findall(r"<kbd>(.+?)</kbd>", _read("serve/desk/templates/_keylist.html"))
    assert set(keys) - set(_quoted(_read("docs/panduan-petugas.md"))) == set()


def test_figures_of_the_first_page_stand_in_the_documents_that_tell_how_they_were_measured() -> None:
    rows = [line for line in _read("README.md").splitlines() if "[how](" in line]
    told = [(figure, row) for row in rows for figure in re.findall(r"\b0\.\d{3}(?: \([\d.-]+\))?", row)]
    assert len(told) > 5
    read = {row: " ".join(_read(link) for link in _LINK.findall(row)) for row in rows}
    assert [figure for figure, row in told if figure not in read[row]] == []


def test_labels_by_choice_and_by_chance_begin_with_the_same_model() -> None:
    with (ROOT / "docs" / "active-learning.csv").open(encoding="utf-8", newline="") as file:
        begun = {(row["seed"], row["macro_f1"]) for row in csv.DictReader(file) if row["labels"] == "500"}
    assert len(begun) == len({seed for seed, _ in begun}) == 3, "otherwise not only the labels distinguish them"


def test_the_picture_of_the_house_is_drawn_from_this_code() -> None:
    drawn = subprocess.run([sys.executable, ROOT / "docs" / "house.py"], capture_output=True, text=True, check=True)
    kept = (ROOT / "docs" / "images" / "house.svg").read_text(encoding="utf-8")
    assert drawn.stdout == kept, "Draw it again: python docs/house.py > docs/images/house.svg"

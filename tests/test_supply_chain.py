"""Dependencies are locked by digest, come from one index, and have reviewed licences."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT

INDEX = "https://pypi.org/simple"
FILES = "files.pythonhosted.org"


@pytest.fixture(scope="module")
def locked() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return [package for package in packages if package["name"] != "disposisi"]


@pytest.fixture(scope="module")
def licences() -> dict[str, Any]:
    made = runpy.run_path(str(ROOT / "docs" / "licences.py"))
    return made | {"found": made["packages"]()}


def test_every_file_of_every_dependency_is_locked_by_its_digest(locked: list[dict[str, Any]]) -> None:
    assert len(locked) > 200
    for package in locked:
        files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
        assert package["source"] == {"registry": INDEX}, package["name"]
        assert files, package["name"]
        for file in files:
            assert file["hash"].startswith("sha256:"), package["name"]
            assert urlsplit(file["url"]).hostname == FILES, package["name"]


def test_the_lock_file_is_that_of_the_project() -> None:
    """The lock file's requirements are those of pyproject.toml, checked offline."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    (own,) = (package for package in packages if package["name"] == "disposisi")
    asked = {line["name"] for line in own["metadata"]["requires-dist"]}
    wanted = [
        *project["dependencies"],
        *(name for names in project["optional-dependencies"].values() for name in names),
    ]
    assert asked == {_name(requirement) for requirement in wanted}


def test_what_says_that_it_is_typed_is_so_to_the_type_checkers_of_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "Typing :: Typed" in project["project"]["classifiers"]
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (ROOT / package / "py.typed").exists(), "PEP 561"


@pytest.mark.slow  # reads the metadata of 200 packages
def test_no_licence_slipped_in_that_nobody_judged(licences: dict[str, Any]) -> None:
    found = licences["found"]
    assert len(found) > 200
    assert licences["unjudged"](found) == []
    assert {package.name for package in found if package.is_copyleft} == set(licences["ACCEPTED"])
    served = [package for package in found if package.extra in {"", "client"} and package.is_copyleft]
    assert [package.name for package in served] == ["marisa-trie"], "what is always installed may be used by anybody"


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="other versions of Python need some other packages")
def test_the_page_of_licences_is_that_of_this_environment(licences: dict[str, Any]) -> None:
    kept = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert licences["page"](licences["found"]) == kept, "Write it again: python docs/licences.py > docs/licences.md"


@pytest.mark.slow  # runs another program
def test_the_bill_of_materials_names_every_package_with_its_digests(
    tmp_path: Path, locked: list[dict[str, Any]]
) -> None:
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path)
    uv = Path(sys.executable).with_name("uv")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "uv").symlink_to(uv)
    subprocess.run(["make", "sbom"], cwd=tmp_path, check=True, capture_output=True)
    text = (tmp_path / "dist" / "sbom.cdx.json").read_text(encoding="utf-8")
    bill = json.loads(text)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    versions = {(package["name"], package["version"]) for package in locked}
    named = {(component["name"], component["version"]) for component in bill["components"]}
    assert named <= versions
    assert {"fastapi", "numpy", "psycopg", "mlflow", "distributed"} <= {name for name, _ in named}
    assert not {"ruff", "pytest"} & {name for name, _ in named}
    for component in bill["components"]:
        for reference in component["externalReferences"]:
            assert urlsplit(reference["url"]).hostname == FILES
            assert reference["hashes"][0]["alg"] == "SHA-256"


def _name(requirement: str) -> str:
    return requirement.partition(">")[0].partition("[")[0].lower().replace("_", "-")

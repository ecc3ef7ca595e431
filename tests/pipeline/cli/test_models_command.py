"""``disposisi models``: what is listed, and that it can be copied from a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.champion import Standing, write_standing
from pipeline.manifest import read_manifest
from tests.pipeline.cli.conftest import Run


def test_models_lists_good_and_broken_ones(run: Run, model_folder: Path) -> None:
    broken = model_folder.parent / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "manifest.json").write_text("{")
    result = run("models", model_folder.parent)
    listed = json.loads(run("models", model_folder.parent, "--json").out)
    (broken / "manifest.json").unlink()
    assert [one.get("region") for one in listed] == [None, "Kabupaten Bekasi"]
    assert "not a model's manifest" in listed[0]["error"]
    assert result.code == 0
    assert "Kabupaten Bekasi" in result.out
    assert "not a model's manifest" in " ".join(result.out.split())
    (itself,) = json.loads(run("models", model_folder, "--json").out)
    assert itself["region"] == "Kabupaten Bekasi"


@pytest.mark.parametrize("width", [40, 80])
def test_models_never_breaks_a_folder_or_a_name_that_people_copy(
    run: Run, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.chdir(tmp_path)
    name = read_manifest(model_folder).name
    for copy in ("default", name):
        shutil.copytree(model_folder, Path("models", copy))
    write_standing(Path("models"), Standing(champion=name))
    monkeypatch.setattr("pipeline.cli.models.out", Console(width=width, highlight=False))
    lines = run("models").out.splitlines()
    assert {f"models/{name}", "models/default", name, "champion"} <= {word for line in lines for word in line.split()}
    assert "…" not in "".join(lines)
    assert width < 80 or max(map(len, lines)) <= width

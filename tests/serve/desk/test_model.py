"""The model page: description of the current model, and the report in its folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.manifest import MANIFEST, NO_REGION, read_manifest


@pytest.fixture
def folder(local_client: TestClient, model_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the model's folder, used by the application."""
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    copy = tmp_path / "model"
    shutil.copytree(model_folder, copy)
    before, state.model_folder = state.model_folder, copy
    yield copy
    state.model_folder = before


def test_the_model_that_answers_is_described(local_client: TestClient, folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["data"] |= {"newest": "2026-03-31", "written_rows": 1234, "urgency_written_rows": 2345}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    html = local_client.get("/model").text
    manifest = read_manifest(folder)
    assert manifest.name in html
    assert "0 aduan nyata (yang terbaru dari 31-03-2026), 5.000 aduan buatan, 1.234 pesan contoh;" in html
    assert "untuk urgensi 0 aduan nyata, 5.000 aduan buatan, 2.345 pesan contoh<" in html
    assert "belum dibuat" in html
    assert 'href="/model"' in local_client.get("/bantuan").text


@pytest.mark.parametrize(
    ("real", "said"),
    [
        (0, "pada 1.200 aduan buatan dan pesan contoh yang disisihkan waktu melatih"),
        (150, "pada 1.200 aduan yang disisihkan waktu melatih, hanya 150 di antaranya nyata"),
        (1200, "pada 1.200 aduan nyata yang disisihkan waktu melatih<"),
    ],
)
def test_how_right_it_was_says_on_what(local_client: TestClient, folder: Path, real: int, said: str) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["metrics"]["agency"] |= {"top1": 0.6, "top3": 0.8, "rows": 1200, "real_rows": real}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    html = local_client.get("/model").text
    assert said in html
    assert ("bukan ukuran untuk aduan warga" in html) is (real < 1200)


def test_a_model_without_a_region_is_told_to_have_none(local_client: TestClient, folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["region"] = {"code": NO_REGION, "name": NO_REGION, "folder": NO_REGION}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert "<dt>Wilayah</dt><dd>tanpa wilayah</dd>" in local_client.get("/model").text


def test_a_report_is_shown_under_the_strict_policy_and_nothing_else_of_the_folder(
    local_client: TestClient, folder: Path
) -> None:
    assert local_client.get("/model/laporan/index.html").status_code == 404
    (folder / "report").mkdir()
    for name in ("index.html", "report.css", "coverage.svg", "model.joblib"):
        (folder / "report" / name).write_text("<p>isi</p>", encoding="utf-8")
    assert 'href="/model/laporan/index.html"' in local_client.get("/model").text
    for name, kind in (("index.html", "text/html"), ("report.css", "text/css"), ("coverage.svg", "image/svg+xml")):
        response = local_client.get(f"/model/laporan/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)
        assert "unsafe" not in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-store"
    for name in ("model.joblib", "manifest.json", "..%2Fmanifest.json", "%2e%2e/manifest.json"):
        assert local_client.get(f"/model/laporan/{name}").status_code == 404, name

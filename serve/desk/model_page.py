"""Model page: the current model, its training data, and its training report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from pipeline.champion import REPORT, resolve_model
from pipeline.clock import local_time
from pipeline.manifest import MANIFEST, NO_REGION, read_manifest
from pipeline.numerals import thousands
from pipeline.router import Router
from pipeline.training_summary import taught_with
from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.html import HEADERS, page
from serve.desk.viewers import Viewer
from serve.errors import NotFoundError

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)
_PAGE: Final = "index.html"
# Only these types are served from a model's folder, whatever else is in it.
_TYPES: Final = {".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml"}


@pages.get("/model", response_class=HTMLResponse)
def show_model(request: Request, _: Viewer, desk: TheDesk) -> HTMLResponse:
    """Show the current model's training and policy, with a link to its report."""
    folder = _folder(request)
    router: Router = request.app.state.router
    policy, agencies = router.model.policy, router.region.agencies
    manifest = read_manifest(folder)
    context = {
        "manifest": manifest,
        "made": local_time(manifest.created_at, desk.calendar.zone),
        "taught_with": taught_with(manifest.data),
        "trained_for": "tanpa wilayah" if manifest.region.code == NO_REGION else manifest.region.name,
        "held_out": _held_out(manifest.metrics.get("agency") or {}),
        "policy": policy,
        "own": sorted((agencies[code].name, least) for code, least in policy.own_suggest_probability.items()),
        "has_report": (folder / REPORT / _PAGE).is_file(),
    }
    return page(request, "model.html", context)


@pages.get("/model/laporan/{name}")
def show_report(name: str, request: Request, _: Viewer) -> FileResponse:
    """Serve the report's page, its stylesheet or one of its plots."""
    folder = _folder(request) / REPORT
    wanted = next((path for path in folder.glob("*") if path.name == name and path.suffix in _TYPES), None)
    if wanted is None:
        raise NotFoundError("Model ini belum punya laporan.", mend="Analis membuatnya: disposisi report MODEL DATA.")
    return FileResponse(wanted, media_type=_TYPES[wanted.suffix], headers=HEADERS)


def _held_out(figures: Mapping[str, Any]) -> str:
    """Describe the complaints on which the training measured the model; models of earlier versions don't know."""
    if not (rows := figures.get("rows")):
        return "bagian data yang disisihkan waktu melatih"
    if (real := figures["real_rows"]) == rows:
        return f"{thousands(rows)} aduan nyata yang disisihkan waktu melatih"
    of = (
        f"yang disisihkan waktu melatih, hanya {thousands(real)} di antaranya nyata"
        if real
        else "buatan dan pesan contoh yang disisihkan waktu melatih"
    )
    return f"{thousands(rows)} aduan {of}: itu sengaja dibuat sulit, jadi angka ini bukan ukuran untuk aduan warga"


def _folder(request: Request) -> Path:
    """Return the folder of the model in use, which isn't the champion's if that could not be loaded."""
    served: Path = request.app.state.model_folder
    answering = served / request.app.state.router.name
    return answering if (answering / MANIFEST).exists() else resolve_model(served)

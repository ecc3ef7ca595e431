"""Application factory: assembles the API, the desk and the middleware in front of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fastapi import Depends, FastAPI, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry

from pipeline.router import Router
from serve import desk, panel, reference
from serve.api import complaints, health, metrics, open311, overview, problems, suggestions
from serve.body_limit import BodyLimit
from serve.cache_headers import NoStoreMiddleware
from serve.champion import ChampionMetrics, ChampionWatch, State
from serve.desk import error_pages
from serve.drift import DriftGauges, profile_of_champion
from serve.fast_path import FastPath
from serve.load_shedding import LoadShedding
from serve.logs import RequestLog
from serve.panel import OtherOrigins
from serve.review import ReviewLists
from serve.security import Door, may_suggest_inline
from serve.settings import Settings
from serve.store.database import Database
from serve.store.deadlines import WorkingCalendar
from serve.store.migrate import ensure_current
from serve.store.suggester import Suggester
from serve.warm_up import warm_soon

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig  # missing in older versions

_STATIC = Path(__file__).parent / "desk" / "static"
_DESCRIPTION = """Suggests which government agency is responsible for a citizen's complaint in Indonesian, and how
urgent it is. Nothing is sent anywhere: a person decides. Errors are problem documents (RFC 9457)."""
_GROUPS = ("suggestions", "complaints", "replies", "overview", "live", "open311", "operations")  # of the API reference

# If OpenTelemetry were set up in the process, FastAPI would report exceptions to it with their messages, which may
# quote a complaint.
_UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[None]:
    """Lifespan: warm up the first pages, and watch for a new champion while the application runs."""
    warming = warm_soon()
    app.state.champion.start()
    yield
    warming.cancel()
    app.state.champion.stop()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application with its model loaded.

    Raises
    ------
    ModelError, RegionError
        If the model or region cannot be loaded; a server without them could not answer anything.
    StoreError
        If the database cannot be reached, or its schema is not the one this version needs.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="Disposisi",
        version=version("disposisi"),
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": name} for name in _GROUPS],
        lifespan=_watching,
        telemetry=_UNTRACED,
    )
    app.state.router = Router.load(settings.model, settings.region)
    app.state.model_folder = settings.model
    app.state.database = Database(settings.database_url)
    ensure_current(app.state.database)
    app.state.registry = CollectorRegistry()
    app.state.champion = ChampionWatch(
        cast(State, app.state), settings.model, settings.region, ChampionMetrics.registered(app.state.registry)
    )
    app.state.drift = DriftGauges(lambda: cast(Router, app.state.router), partial(profile_of_champion, settings.model))
    app.state.registry.register(app.state.drift)
    app.state.exposed = metrics.exposed(app.state.registry, app.state.drift)
    app.state.suggester = Suggester(
        app.state.router,
        WorkingCalendar.of(app.state.router.region, settings.timezone),
        (app.state.champion.observe, app.state.drift.observe),
    )
    app.state.door = Door(app.state.database)
    app.state.review = ReviewLists(settings.review)
    app.add_middleware(NoStoreMiddleware)
    app.add_middleware(FastPath)
    app.add_middleware(
        LoadShedding,
        most=settings.max_requests,
        most_suggestions=settings.max_suggestions,
        most_streams=settings.max_listeners,
        registry=app.state.registry,
    )
    # Outside LoadShedding, so that a request whose body is still arriving does not occupy a slot.
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        seconds=settings.body_seconds,
        knows=lambda request: cast(Door, app.state.door).knows(request),
    )
    if settings.allowed_origins:
        app.add_middleware(OtherOrigins, origins=settings.allowed_origins)
    app.add_middleware(RequestLog)
    problems.add_handlers(app)
    error_pages.add_handlers(app)
    app.include_router(suggestions.api, dependencies=[Depends(may_suggest_inline)])
    # Registered before the larger routers: on the first request FastAPI builds every router up to the one that matches,
    # and the first request is usually the readiness check.
    app.include_router(health.api)
    app.include_router(complaints.api)
    app.include_router(overview.api)
    app.include_router(open311.api)
    app.include_router(metrics.api)
    for pages in desk.ROUTERS:
        app.include_router(pages)
    app.include_router(panel.pages)
    app.include_router(reference.pages)
    reference.describe(app)
    app.mount("/static", _Revalidated(directory=_STATIC), name="static")
    app.add_api_route("/favicon.ico", _icon, include_in_schema=False)
    return app


class _Revalidated(StaticFiles):
    """Static files that browsers revalidate on every use, so that no page runs scripts from before an upgrade."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return the file, or 304 if the browser's copy is current, with ``Cache-Control: no-cache``."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _icon() -> FileResponse:
    """Serve the icon for pages that don't link one, such as a model's report."""
    return FileResponse(_STATIC / "icon.svg", media_type="image/svg+xml")

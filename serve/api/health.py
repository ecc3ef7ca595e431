"""Liveness and readiness checks."""

from __future__ import annotations

from functools import partial
from typing import cast

from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from serve.api.dependencies import LoadedRouter, Store
from serve.api.problems import PROBLEM_RESPONSES
from serve.errors import StoreUnavailableError
from serve.store.database import Database
from serve.store.database_errors import store_trouble

api = APIRouter(tags=["operations"])
_ANSWER_SECONDS = 3.0
_THREADS = 2  # separate from the pool: a flood of requests that uses it up must not look like a dead server


@api.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer while the process is alive."""
    return {"status": "ok"}


@api.get(
    "/readyz",
    responses={503: PROBLEM_RESPONSES[503] | {"description": "The store doesn't answer, or isn't writable"}},
)
async def readyz(request: Request, router: LoadedRouter, store: Store) -> dict[str, str]:
    """Answer if complaints can be classified and stored; every call classifies one and checks the store."""
    router.suggest("lampu jalan mati")
    with move_on_after(_ANSWER_SECONDS) as limit:
        await to_thread.run_sync(partial(_ask, store), limiter=_limiter(request), abandon_on_cancel=True)
    if limit.cancelled_caught:
        raise _unavailable()
    return {"status": "ready", "model": router.name}


def _ask(store: Database) -> None:
    try:
        with store.reading() as session:
            session.execute(text("SELECT 1 FROM complaints LIMIT 1"))
        store.check_recording()
    except (SQLAlchemyError, OSError) as error:
        raise store_trouble(error) or _unavailable() from None


def _unavailable() -> StoreUnavailableError:
    return StoreUnavailableError("Basis data tidak menjawab.", mend="Lihat docs/operations.md.")


def _limiter(request: Request) -> CapacityLimiter:
    """Return the application's limiter, created on first use, as it is bound to the running event loop."""
    state = request.app.state
    if not hasattr(state, "health_limiter"):
        state.health_limiter = CapacityLimiter(_THREADS)
    return cast(CapacityLimiter, state.health_limiter)


for _path, _answer in (("/healthz", healthz), ("/readyz", readyz)):  # some monitors send HEAD
    api.add_api_route(_path, _answer, methods=["HEAD"], include_in_schema=False)

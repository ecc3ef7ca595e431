"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter

from serve.api.dependencies import LoadedRouter

api = APIRouter(tags=["operations"])


@api.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@api.get("/readyz")
def readyz(router: LoadedRouter) -> dict[str, str]:
    """Answer once complaints can be classified: one is, with every call."""
    router.suggest("lampu jalan mati")
    return {"status": "ready", "model": router.name}

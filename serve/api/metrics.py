"""Metrics for Prometheus: the champion, its shadow, drift. No text, no name of a person."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

api = APIRouter(tags=["operations"])


@api.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Answer in Prometheus' text format."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)

"""Prometheus endpoint: metrics of champion, challenger, load and drift, without any text or names."""

from __future__ import annotations

import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from serve.processes import SHARED_METRICS

api = APIRouter(tags=["operations"])


def exposed(own: CollectorRegistry, drift: Collector) -> CollectorRegistry:
    """Return the registry for ``/metrics``: that of one process, or the combined metrics of several.

    With several processes, drift is that of the process that answers; each sees a random sample of the complaints.
    """
    if SHARED_METRICS not in os.environ:
        return own
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(drift)
    return registry


@api.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Return the metrics in Prometheus' text format."""
    return Response(generate_latest(request.app.state.exposed), media_type=CONTENT_TYPE_LATEST)

"""Metrics for Prometheus: the champion, its shadow, drift. No text, no name of a person."""

from __future__ import annotations

import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from serve.processes import SHARED_METRICS

api = APIRouter(tags=["operations"])


def exposed(own: CollectorRegistry, drift: Collector) -> CollectorRegistry:
    """Return what ``/metrics`` shows: the metrics of one process, or what all of several have counted.

    Of several, drift is only that of the process which is asked: each sees a random part of the complaints.
    """
    if SHARED_METRICS not in os.environ:
        return own
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(drift)
    return registry


@api.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Answer in Prometheus' text format."""
    return Response(generate_latest(request.app.state.exposed), media_type=CONTENT_TYPE_LATEST)

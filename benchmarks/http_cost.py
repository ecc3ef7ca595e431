"""What one suggestion costs the server, against an empty POST endpoint of the same application, by turns.

    python benchmarks/http_cost.py [MODEL]

The application is called as uvicorn calls it, without a socket, so that what is measured is ours; times are processor
time. Latency over real connections is to be measured on an idle machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI, Response

from pipeline.region import load_region
from serve.api.suggestion_schema import ComplaintIn
from serve.app import create_app
from serve.settings import Settings
from training.starter import generate

ROOT = Path(__file__).parents[1]
REQUESTS, ROUNDS = 200, 7


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=ROOT / "models" / "default")
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(model=model, database_url=f"sqlite:///{folder}/store.db"))

        @app.post("/empty")
        async def empty(_: Annotated[ComplaintIn, Body()]) -> Response:
            return Response(b"{}", media_type="application/json")

        rows = generate(load_region("kab_bekasi"), REQUESTS, seed=99, noise=0.5)
        asyncio.run(_measure(app, [json.dumps({"text": row.text}).encode() for row in rows]))


async def _measure(app: FastAPI, bodies: list[bytes]) -> None:
    costs: dict[str, list[float]] = {"/empty": [], "/v1/suggestions": []}
    for round_ in range(ROUNDS + 1):
        for path, cost in costs.items():
            began = time.process_time()
            for body in bodies:
                await _post(app, path, body)
            if round_:  # the first one only warms
                cost.append((time.process_time() - began) / len(bodies) * 1e6)
    for path, cost in costs.items():
        print(f"{path:20}{statistics.median(cost):8.0f} µs a request ({min(cost):.0f} to {max(cost):.0f})")
    ratios = sorted(mine / other for other, mine in zip(*costs.values(), strict=True))
    print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


async def _post(app: FastAPI, path: str, body: bytes) -> None:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000), "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise SystemExit(f"{path} answered {message['status']}")

    await app(scope, receive, send)


if __name__ == "__main__":
    main()

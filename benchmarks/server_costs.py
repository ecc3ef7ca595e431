"""What a server costs: the time until it is ready, and the memory of each further worker.

    python benchmarks/server_costs.py [MODEL]

Starts: wall-clock time of ``disposisi serve`` on an existing store; the first start is not counted. Memory: what one of
two workers shares with no other process because it wrote it (Linux's ``Private_Dirty``), after a number of different
starter complaints over HTTP.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice, pairwise
from pathlib import Path

import psutil
from served import serving
from unseen_texts import DEFAULT_MODEL, unseen_texts

STARTS, MEASURED_AFTER = 12, (0, 2_000, 7_000)


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        options = ("--empty", "--model", str(model.resolve()), "--database", f"sqlite:///{folder}/store.db")
        _, *seconds = [_start(options) for _ in range(STARTS + 1)]
        print(f"ready after {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
        with serving(*options, "--workers", "2") as (server, connection):
            texts = iter(unseen_texts(MEASURED_AFTER[-1]))
            for before, complaints in pairwise((0, *MEASURED_AFTER)):
                for text in islice(texts, complaints - before):
                    _ask(connection, text)
                print(f"a worker's own memory after {complaints:,} complaints: {_own_megabytes(server):.0f} MB")


def _start(options: Sequence[str]) -> float:
    """Return the seconds from the start of a server until it is ready."""
    began = time.perf_counter()
    with serving(*options):
        return time.perf_counter() - began


def _ask(connection: HTTPConnection, text: str) -> None:
    connection.request("POST", "/v1/suggestions", json.dumps({"text": text}), {"content-type": "application/json"})
    with connection.getresponse() as answer:
        answer.read()
        if answer.status != HTTPStatus.OK:
            sys.exit(f"the server answered {answer.status}")


def _own_megabytes(server: psutil.Process) -> float:
    """Return the private memory of the worker that has most."""
    return max(map(_private_dirty, server.children(recursive=True))) / 1024


def _private_dirty(process: psutil.Process) -> int:
    """Return the kilobytes private to a process, as it has written to them."""
    (line,) = [
        line
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Private_Dirty")
    ]
    return int(line.split()[1])


if __name__ == "__main__":
    main()

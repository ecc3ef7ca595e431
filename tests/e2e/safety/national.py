"""Many times the whole country's load on one server for some minutes; docs/reliability.md derives the rate.

``python -m tests.e2e.safety.national --minutes 10`` runs it and prints the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from pipeline.region import Region, load_region
from pipeline.region.schema import OUTSIDE_KINDS
from tests.e2e.safety.clients import check_acknowledged
from tests.e2e.safety.server import Server, serving

DAY = 800  # complaints to SP4N-LAPOR! on an average day, the highest published figure
PEAK = 10  # the busiest hour relative to the average one
TWICE = 2
WORDS = 60_000  # new words sent first: three times the capacity of the word caches (pipeline/model/compiled.py)
WORDS_OF_A_TEXT = 2_000
WORDS_OF_A_COMPLAINT = 16  # new words in each complaint, which replace the content of the word caches every two minutes
NATIONAL = DAY / 24 * PEAK * TWICE / 3600  # 0.19 a second
PER_SECOND = 5.0  # sent here: 27 times as many
MEGABYTE = 1 << 20
_IN_BETWEEN = ("/", "/v1/complaints?size=50", "/healthz", "/metrics")  # load from a dispatcher


@dataclass
class Held:
    """What was acknowledged, statuses, response times, and the server's memory."""

    received: dict[str, int] = field(default_factory=dict)  # sender's identifier -> complaint's number
    decided: dict[str, int] = field(default_factory=dict)  # idempotency key -> complaint's number
    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)  # response times by kind of request
    memory: list[int] = field(default_factory=list)  # private bytes, without mapped files, every second

    @property
    def failures(self) -> dict[tuple[str, int | str], int]:
        """Number of unexpected statuses and broken connections."""
        return {key: count for key, count in self.statuses.items() if key[1] not in {200, 201}}

    @property
    def growth(self) -> int:
        """Growth in bytes from the second third, when everything has been used once, to the last."""
        third = len(self.memory) // 3
        return int(statistics.median(self.memory[2 * third :]) - statistics.median(self.memory[third : 2 * third]))

    @property
    def slope(self) -> float:
        """Growth in bytes a minute, by least squares over all but the first third."""
        memory = self.memory[len(self.memory) // 3 :]
        return 60 * statistics.linear_regression(range(len(memory)), memory).slope

    def __str__(self) -> str:
        """Return the figures, one per line."""
        lines = [f"{len(self.received):,} complaints and {len(self.decided):,} decisions acknowledged"]
        for what, seconds in sorted(self.seconds.items()):
            cuts = statistics.quantiles(seconds, n=100, method="inclusive")
            lines.append(
                f"{what}: {len(seconds):,} answers, median {cuts[49] * 1000:.0f} ms, 99 of 100 within "
                f"{cuts[98] * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms"
            )
        every = self.memory[59::60] or self.memory[-1:]
        lines.append(f"memory, minute by minute: {', '.join(f'{size / MEGABYTE:.0f}' for size in every)} MB")
        lines.append(f"slope of memory, past the first third: {self.slope / MEGABYTE:+.2f} MB a minute")
        lines.append(f"failures: {self.failures or 'none'}")
        return "\n".join(lines)


def fill_memories(server: Server) -> None:
    """Send new words until all word caches are full."""
    words = _new_words()
    for _ in range(0, WORDS, WORDS_OF_A_TEXT):
        text = " ".join(itertools.islice(words, WORDS_OF_A_TEXT))
        assert server.ask("POST", "/v1/suggestions", {"text": text}).status == 200


def hold(server: Server, seconds: float, per_second: float = PER_SECOND) -> Held:
    """Send complaints at a constant rate, forward each, load desk pages in between, and return the results."""
    with ThreadPoolExecutor(1) as pool:  # in the main thread, Chromium's driver may be running an event loop
        return pool.submit(asyncio.run, _hold(server, seconds, per_second)).result()


async def _hold(server: Server, seconds: float, per_second: float) -> Held:
    held = Held()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
        region = load_region("kab_bekasi")
        asking = _Asking(client, region, held)
        started, texts = time.monotonic(), _texts(region)
        tasks: list[asyncio.Task[None]] = []
        for number in range(int(seconds * per_second)):
            await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
            tasks.append(asyncio.create_task(asking.complain(number, next(texts))))
            if number % max(1, int(per_second)) == 0:  # about once a second
                held.memory.append(_own_memory(server))
                tasks.append(asyncio.create_task(asking.look(_IN_BETWEEN[len(held.memory) % len(_IN_BETWEEN)])))
        await asyncio.gather(*tasks)
    return held


@dataclass
class _Asking:
    client: httpx2.AsyncClient
    region: Region
    held: Held

    async def complain(self, number: int, text: str) -> None:
        """Send a complaint, and forward it to the first suggested office of the region."""
        sender = f"nasional-{number}"
        body = {"channel": "uji", "sender_id": sender, "text": f"{text} ({number})"}
        told = await self._ask("complaint", "POST", "/v1/complaints", body)
        if told is None:
            return
        complaint = told.json()
        self.held.received[sender] = complaint["id"]
        suggested = [agency["code"] for agency in complaint["suggestion"]["agencies"]]
        within = [code for code in suggested if self.region.kind_of(code) not in OUTSIDE_KINDS]
        order = {"action": "forward", "version": 1, "agencies": (within or ["dishub"])[:1], "key": f"k-{sender}"}
        if await self._ask("decision", "POST", f"/v1/complaints/{complaint['id']}/decisions", order) is not None:
            self.held.decided[f"k-{sender}"] = complaint["id"]

    async def look(self, path: str) -> None:
        await self._ask(path, "GET", path)

    async def _ask(self, what: str, method: str, path: str, body: object = None) -> httpx2.Response | None:
        """Return the response if it is a success; count it in any case."""
        began = time.monotonic()
        try:
            response = await self.client.request(method, path, json=body)
        except httpx2.HTTPError as error:
            self.held.statuses[what, type(error).__name__] += 1
            return None
        self.held.seconds.setdefault(what, []).append(time.monotonic() - began)
        self.held.statuses[what, response.status_code] += 1
        return response if response.status_code in {200, 201} else None


def _own_memory(server: Server) -> int:
    """Return the process's private memory in bytes, without the mapped store, which grows with every complaint."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


def _texts(region: Region) -> Iterator[str]:
    """Yield the problem catalogue's texts that contain a letter, over and over.

    New words are added to each, to reveal anything that grows with the number of words.
    """
    texts = [text for _, problem in region.problems() for _, text in problem.texts]
    words = itertools.islice(_new_words(), WORDS, None)
    for text in itertools.cycle([text for text in texts if any(map(str.isalpha, text))]):
        yield " ".join([text, *itertools.islice(words, WORDS_OF_A_COMPLAINT)])


def _new_words() -> Iterator[str]:
    """Yield new, invented words, the same ones in each run."""
    syllables = ["".join(pair) for pair in itertools.product("bcdghjklmnprst", "aiueo")]
    return ("".join(word) for word in itertools.product(syllables, repeat=3))


def main() -> None:
    """Run the load on a separate server, and fail if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--per-second", type=float, default=PER_SECOND)
    parser.add_argument("--model", type=Path, default=Path("models"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.sqlite3"
        with serving(given.model.resolve(), url, Path(folder) / "server.log") as server:
            before = os.getloadavg()[0]
            fill_memories(server)
            held = hold(server, given.minutes * 60, given.per_second)
        check_acknowledged(url, held.received, held.decided)
    times = given.per_second / NATIONAL
    sys.stdout.write(
        f"{given.minutes:g} minutes of {given.per_second:g} complaints a second, {times:.0f} times the number wanted; "
        f"load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} after\n{held}\n"
        "every acknowledged complaint and decision is in the store exactly once\n"
    )
    sys.exit(1 if held.failures else 0)


if __name__ == "__main__":
    main()

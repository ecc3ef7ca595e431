"""The whole country's complaints at one server, evenly, for some minutes; docs/reliability.md works the number out.

``python -m tests.e2e.safety.national --minutes 10`` runs it and tells the figures.
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

DAY = 800  # complaints to SP4N-LAPOR! on a mean day, the highest figure published
PEAK = 10  # the busiest hour against the mean one
TWICE = 2
WORDS = 60_000  # new ones, sent first: thrice what the memories of words hold (pipeline/model/compiled.py)
WORDS_OF_A_TEXT = 2_000
WORDS_OF_A_COMPLAINT = 16  # new ones, in each: what the memories of words hold is exchanged every two minutes
NATIONAL = DAY / 24 * PEAK * TWICE / 3600  # a second: 0.19
PER_SECOND = 5.0  # what is sent: 27 times as many
MEGABYTE = 1 << 20
_IN_BETWEEN = ("/", "/v1/complaints?size=50", "/healthz", "/metrics")  # somebody is at the desk meanwhile


@dataclass
class Held:
    """What was sent, what came back, and what the server needed meanwhile."""

    received: dict[str, int] = field(default_factory=dict)  # by sender's identifier: the complaint's number
    decided: dict[str, int] = field(default_factory=dict)  # by key: the complaint's number
    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)  # of each answer, by what was asked
    memory: list[int] = field(default_factory=list)  # bytes of its own, without mapped files, every second

    @property
    def failures(self) -> dict[tuple[str, int | str], int]:
        """Every answer that isn't the wanted one, and every line that broke."""
        return {key: count for key, count in self.statuses.items() if key[1] not in {200, 201}}

    @property
    def growth(self) -> int:
        """Bytes from the second third, when everything was in use once, to the last."""
        third = len(self.memory) // 3
        return int(statistics.median(self.memory[2 * third :]) - statistics.median(self.memory[third : 2 * third]))

    @property
    def slope(self) -> float:
        """Bytes a minute, by least squares over all but the first third."""
        memory = self.memory[len(self.memory) // 3 :]
        return 60 * statistics.linear_regression(range(len(memory)), memory).slope

    def __str__(self) -> str:
        """Tell the figures, one a line."""
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
    """Send words that nobody wrote before, so that all memories of words are as full as they ever get."""
    words = _new_words()
    for _ in range(0, WORDS, WORDS_OF_A_TEXT):
        text = " ".join(itertools.islice(words, WORDS_OF_A_TEXT))
        assert server.ask("POST", "/v1/suggestions", {"text": text}).status == 200


def hold(server: Server, seconds: float, per_second: float = PER_SECOND) -> Held:
    """Send complaints evenly, forward each, look at the desk in between, and return what came of it."""
    with ThreadPoolExecutor(1) as pool:  # in the main thread, Chromium's driver may have an event loop of its own
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
        """Send a complaint, and forward it to the first office of the region that is suggested."""
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
        """Return the answer if it is the wanted one; count it in any case."""
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
    """Return the bytes that the process holds itself: the store is mapped too, and grows with every complaint."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


def _texts(region: Region) -> Iterator[str]:
    """Yield what citizens write about, as the problem catalogue has it, over and over, less what has no letter.

    Each has words in it that nobody wrote before, so that nothing can grow with them unseen.
    """
    texts = [text for _, problem in region.problems() for _, text in problem.texts]
    words = itertools.islice(_new_words(), WORDS, None)
    for text in itertools.cycle([text for text in texts if any(map(str.isalpha, text))]):
        yield " ".join([text, *itertools.islice(words, WORDS_OF_A_COMPLAINT)])


def _new_words() -> Iterator[str]:
    """Yield words that nobody wrote before, the same ones in each run."""
    syllables = ["".join(pair) for pair in itertools.product("bcdghjklmnprst", "aiueo")]
    return ("".join(word) for word in itertools.product(syllables, repeat=3))


def main() -> None:
    """Hold the load against a server of its own, and end with an error if anything was lost."""
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

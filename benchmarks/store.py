"""Time and query plans of the desk's queries with 100,000 complaints: see ``benchmarks/store.py --help``."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from pipeline.complaint import AgencyScore, Decision, Level, Suggestion, Urgency, Word
from pipeline.region import Region, load_region
from serve.store import bursts, migrate, models, queue, statistics, view
from serve.store.agreement import PastWeeks
from serve.store.database import Database
from serve.store.history import Action, Entry, Status, Suggested, replay
from serve.store.queue import Filter
from serve.store.record import FIRST_DIGEST, chained_digest, columns, entry_to_json
from serve.store.statistics import Period
from tests.serve import postgres

BATCH = 2_000
RUNS = 100
LIMIT_MS = 50
NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
# A year of a busy regency: most complaints are settled, some thousand are waiting.
STATUSES = {Status.PERLU_VERIFIKASI: 8, Status.TERDISPOSISI: 15, Status.DIPROSES: 10, Status.SELESAI: 60,
            Status.LUAR_KEWENANGAN: 4, Status.BUKAN_ADUAN: 3}  # fmt: skip
LEVELS = {Level.DARURAT: 1, Level.TINGGI: 14, Level.SEDANG: 70, Level.RENDAH: 15}
CHANNELS = {"sp4n-lapor": 60, "whatsapp": 25, "instagram": 10, "web": 5}


def main() -> None:
    """Fill a store, run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=100_000)
    parser.add_argument("--plans", action="store_true", help="print the plan of every query")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    for name, opened in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if options.only in {None, name}:
            with opened() as database:
                _measure(name, database, options.complaints, options.plans)


@contextmanager
def _sqlite() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.sqlite3")
        yield database
        database.close()


@contextmanager
def _postgresql() -> Iterator[Database]:
    if not postgres.available():
        print("postgresql: not installed")
        return
    with postgres.given_or_own_server() as server, postgres.new_database(server, "benchmark") as url:
        database = Database(url)
        yield database
        database.close()


def _measure(name: str, database: Database, complaints: int, plans: bool) -> None:
    migrate.upgrade(database)
    began = time.perf_counter()
    _fill(database, complaints)
    print(f"\n{name}: {complaints:,} complaints, filled in {time.perf_counter() - began:.0f} s")
    print(f"{'':36}{'median':>9}{'p95':>9}{'CPU':>9}  ms of {RUNS} runs; CPU of this process, median")
    for label, ask in _questions(database, complaints).items():
        times, spent = [], []
        with database.reading() as session:
            ask(session)
            for _ in range(RUNS if not label.startswith("overview") else 5):
                began, worked = time.perf_counter(), time.process_time()
                ask(session)
                times.append(1000 * (time.perf_counter() - began))
                spent.append(1000 * (time.process_time() - worked))
                session.expunge_all()
        p95 = float(np.percentile(times, 95))
        mark = "" if p95 <= LIMIT_MS or label.startswith("overview") else f"  over {LIMIT_MS} ms"
        print(f"{label:36}{np.median(times):9.1f}{p95:9.1f}{np.median(spent):9.1f}{mark}")
        explained = _plans(database, ask)
        if scans := [line for line in explained if _is_full_scan(line)]:
            print(f"{'':6}FULL SCAN: {scans[0].strip()}")
        if plans:
            print("\n".join(f"{'':6}{line}" for line in explained))


def _questions(database: Database, complaints: int) -> dict[str, Callable[[Session], Any]]:
    with database.reading() as session:
        second = queue.page(session, Filter()).following
    rng = random.Random(1)  # noqa: S311 (reproducible, not secret)
    past_weeks = PastWeeks(ZoneInfo("Asia/Jakarta"))
    return {
        "queue, first page": lambda s: queue.page(s, Filter()),
        "queue, second page": lambda s: queue.page(s, Filter(), second),
        "queue, all counts": lambda s: queue.counts(s, Filter(), NOW),
        "queue, first page and counts": lambda s: (queue.page(s, Filter()), queue.counts(s, Filter(), NOW)),
        "counts by status": queue.counts_by_status,
        "filtered: agency": lambda s: queue.page(s, Filter(agency="dishub")),
        "filtered: kecamatan": lambda s: queue.page(s, Filter(kecamatan="Cibitung")),
        "filtered: channel, overdue": lambda s: queue.page(s, Filter(channel="web", due_before=NOW)),
        "filtered: agency, kecamatan, choose": lambda s: queue.page(
            s, Filter(agency="dishub", kecamatan="Cibitung", decision="choose")
        ),
        "filtered: settled by one agency": lambda s: queue.page(s, Filter(status=Status.SELESAI, agency="dlh")),
        "search: frequent word": lambda s: queue.page(s, Filter(status=None, words="jalan")),
        "search: two words": lambda s: queue.page(s, Filter(status=None, words="lampu mati")),
        "search: beginning of a word": lambda s: queue.page(s, Filter(status=None, words="samp")),
        "search: rare word, in the queue": lambda s: queue.page(s, Filter(words="zebra cross")),
        "search: nothing": lambda s: queue.page(s, Filter(status=None, words="xyzzy")),
        "one complaint with its history": lambda s: view.view(s, rng.randint(1, complaints), NOW),
        "overview of 90 days": lambda s: statistics.overview(s, Period(NOW - dt.timedelta(days=90), NOW), NOW),
        "overview, agreement by week": lambda s: past_weeks.agreement(s, NOW - dt.timedelta(days=90), NOW),
        "overview, bursts": lambda s: bursts.bursts(s, NOW),
    }


def _fill(database: Database, complaints: int) -> None:
    """Write complaints with suggestions and histories as the services would, but in bulk."""
    here, rng = _Here.of(load_region("kab_bekasi")), random.Random(7)  # noqa: S311
    with database.engine.execution_options(writes=True).connect() as connection:
        for start in range(1, complaints + 1, BATCH):
            numbers = range(start, min(start + BATCH, complaints + 1))
            lives = [_life(number, here, rng) for number in numbers]
            with connection.begin():
                for table, rows in (
                    (models.Complaint, [life[0] for life in lives]),
                    (models.StoredSuggestion, [life[1] for life in lives]),
                    (models.Decision, [row for life in lives for row in life[2]]),
                ):
                    connection.execute(insert(table), rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.embedded else "VACUUM ANALYZE"))


@dataclass(frozen=True)
class _Here:
    """Values to sample: agencies, kecamatan, and the catalogue's phrasings, for realistic frequencies of words."""

    agencies: list[str]
    kecamatan: list[str]
    texts: list[str]

    @classmethod
    def of(cls, region: Region) -> _Here:
        texts = [phrasing for _, problem in region.problems() for _, phrasing in problem.texts]
        kecamatan = [place.name for place in region.places.values() if place.kind == "kecamatan"]
        return cls([agency.code for agency in region.existing(NOW.date())], kecamatan, texts)


def _life(number: int, here: _Here, rng: random.Random) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    agencies = here.agencies
    code = agencies[min(int(rng.expovariate(0.12)), len(agencies) - 1)]
    status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
    days = rng.random() * (20 if status is Status.PERLU_VERIFIKASI else 365)
    received = NOW - dt.timedelta(days=days)
    suggested = Suggested(number, "benchmark", rng.choice(list(Decision)), (code, *rng.sample(agencies, 4)))
    level = rng.choices(list(LEVELS), list(LEVELS.values()))[0]
    entries = [
        Entry(number, 1, received, "kanal", Action.RECEIVE, suggested, urgency=level,
              due_at=received + dt.timedelta(days=20)),
    ]  # fmt: skip
    later = received + dt.timedelta(hours=3)
    if status in {Status.TERDISPOSISI, Status.DIPROSES, Status.SELESAI}:
        entries.append(Entry(number, 2, later, "ani", Action.FORWARD, suggested, chosen=(code,)))
    if status in {Status.DIPROSES, Status.SELESAI}:
        entries.append(Entry(number, 3, later, "dinas", Action.START, suggested))
    if status is Status.SELESAI:
        done = later + dt.timedelta(days=rng.expovariate(0.1))
        entries.append(Entry(number, 4, done, "dinas", Action.FINISH, suggested))
    if status is Status.LUAR_KEWENANGAN:
        entries.append(Entry(number, 2, later, "ani", Action.OUTSIDE, suggested, chosen=("luar-provinsi",)))
    if status is Status.BUKAN_ADUAN:
        entries.append(Entry(number, 2, later, "ani", Action.NOT_COMPLAINT, suggested))
    kecamatan = rng.choice(here.kecamatan)
    complaint = {
        "id": number, "channel": rng.choices(list(CHANNELS), list(CHANNELS.values()))[0], "sender_id": str(number),
        "text": " ".join(rng.choices(here.texts, k=2)), "address": f"Kecamatan {kecamatan}", "kecamatan": kecamatan,
        "received_at": received, "anonymous": False, "secret": False,
    }  # fmt: skip
    body = Suggestion(
        id=str(number), agencies=tuple(AgencyScore(c, c, 0.2) for c in suggested.agencies), place=None,
        urgency=Urgency(level, {other: float(other is level) for other in LEVELS}, ()), decision=suggested.decision,
        words=tuple(Word(n * 6, n * 6 + 5, 0.5) for n in range(12)), model="benchmark",
    ).to_dict()  # fmt: skip
    suggestion = {
        "id": number, "complaint_id": number, "made_at": received, "model": "benchmark", "decision": suggested.decision,
        "agency": code, "probability": 0.8, "urgency": level, "kecamatan": kecamatan, "excluded": [], "body": body,
    }  # fmt: skip
    return complaint | columns(replay(entries)), suggestion, _decisions(entries)


def _decisions(entries: list[Entry]) -> list[dict[str, Any]]:
    rows, digest = [], FIRST_DIGEST
    for entry in entries:
        body = entry_to_json(entry)
        digest = chained_digest(digest, body)
        rows.append(
            {"complaint_id": entry.complaint, "number": entry.number, "at": entry.at, "by": entry.by,
             "action": str(entry.action), "agency": next(iter(entry.chosen), None), "body": body, "digest": digest}
        )  # fmt: skip
    return rows


def _plans(database: Database, ask: Callable[[Session], Any]) -> list[str]:
    """Return the query plans of all statements that a query function runs."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as session:
        ask(session)
    event.remove(database.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if database.embedded else "EXPLAIN "
    lines: list[str] = []
    with database.engine.connect() as connection:
        for statement, parameters in statements:
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            lines += [str(row[-1]) for row in rows]
    return lines


def _is_full_scan(line: str) -> bool:
    """Tell whether a line of a plan scans a whole table; scanning an index to count doesn't matter."""
    big = ("complaints", "suggestions", "decisions")
    sqlite = any(line.startswith(f"SCAN {name}") for name in big) and "INDEX" not in line
    return sqlite or any(f"Seq Scan on {name}" in line for name in big)


if __name__ == "__main__":
    main()

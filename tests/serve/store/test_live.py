from __future__ import annotations

import asyncio
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from serve import live
from serve.store.confidentiality import read_without_secrets
from serve.store.history import Action
from tests.serve.store.acts import LAMP, Act


def test_who_watches_sees_every_change_once_and_emergencies_as_such(act: Act) -> None:
    act.receive()

    async def watch() -> list[str]:
        stream = live.stream(act.database.reading, None)
        lines = [await anext(stream)]
        complaint = await asyncio.to_thread(act.receive, "Tolong ada kebakaran rumah, api membesar, ada orang terjebak")
        await asyncio.to_thread(act.order, complaint, Action.FORWARD, agencies=("damkar",))
        lines += [await anext(stream), await anext(stream)]
        await stream.aclose()  # type: ignore[attr-defined]
        return lines

    with ThreadPoolExecutor(1) as another:  # a thread without the browser tests' event loop
        hello, arrived, sent = another.submit(asyncio.run, watch()).result()
    assert "event: hello" in hello
    assert "event: emergency" in arrived
    assert "event: change" in sent
    assert json.loads(sent.partition("data: ")[2])["agency"] == "damkar"
    assert LAMP not in "".join((hello, arrived, sent))


def test_who_may_not_see_secrets_hears_nothing_of_them(act: Act) -> None:
    secret = act.receive("Pungli di kantor desa oleh kepala dusun", secret=True)
    public = act.receive()
    act.order(secret, Action.FORWARD, agencies=("inspektorat",))
    with read_without_secrets(act.database) as session:
        assert [change.complaint for change in live.changes(session, 0)] == [public]
        assert live.latest(session) == 2

    async def hello() -> str:
        stream = live.stream(partial(read_without_secrets, act.database), 0)
        lines = [await anext(stream), await anext(stream)]
        await stream.aclose()  # type: ignore[attr-defined]
        return "".join(lines)

    with ThreadPoolExecutor(1) as another:
        told = another.submit(asyncio.run, hello()).result()
    assert f'"complaint": {public}' in told


def test_a_watcher_that_comes_back_gets_what_it_missed(act: Act) -> None:
    act.receive()
    with act.database.reading() as session:
        seen = live.latest(session)
    numbers = [act.receive() for _ in range(3)]
    with act.database.reading() as session:
        missed = live.changes(session, seen)
        assert [change.complaint for change in missed] == numbers
        assert live.changes(session, missed[-1].id) == []
        assert [change.complaint for change in live.changes(session, seen, limit=2)] == numbers[:2]


def test_who_may_listen_no_more_is_told_nothing_from_the_next_look_on(
    act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.0)
    act.receive()

    async def heard() -> list[str]:
        stream = live.stream(act.database.reading, 0, lambda: False)
        return [lines async for lines in stream]

    with ThreadPoolExecutor(1) as another:
        assert [lines.count("event: hello") for lines in another.submit(asyncio.run, heard()).result(20)] == [1]


@pytest.mark.parametrize("asked", [0, 1])
def test_where_the_store_falls_silent_the_stream_ends_and_no_crash_is_told(act: Act, asked: int) -> None:
    act.receive()
    answers = iter([act.database.reading] * asked)

    def reading() -> AbstractContextManager[Session]:
        if (answer := next(answers, None)) is None:
            raise OperationalError("SELECT", {}, Exception("server closed the connection unexpectedly"))
        return answer()

    async def heard() -> list[str]:
        return [lines async for lines in live.stream(reading, 0)]

    with ThreadPoolExecutor(1) as another:
        assert len(another.submit(asyncio.run, heard()).result(20)) == asked


def test_an_emergency_out_of_an_archive_is_no_alarm(act: Act) -> None:
    fire = "Tolong ada kebakaran rumah, api membesar, ada orang terjebak"
    for days in (400, 4, 2):
        act.receive(fire, received_at=act.now - dt.timedelta(days=days))
    with act.database.reading() as session:
        assert [change.emergency for change in live.changes(session, 0)] == [False, False, True]


def test_who_remembers_more_than_the_record_has_begins_at_its_end(act: Act) -> None:
    act.receive()

    async def watch() -> list[str]:
        stream = live.stream(act.database.reading, 999)  # a cursor from before a backup was restored
        lines = [await anext(stream)]
        await asyncio.to_thread(act.receive)
        lines.append(await asyncio.wait_for(anext(stream), 10))
        await stream.aclose()  # type: ignore[attr-defined]
        return lines

    with ThreadPoolExecutor(1) as another:
        hello, arrived = another.submit(asyncio.run, watch()).result()
    assert 'id: 1\nevent: hello\ndata: {"again": true}' in hello
    assert "id: 2\nevent: change" in arrived

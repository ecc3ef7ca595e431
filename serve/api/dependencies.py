"""FastAPI dependencies shared by the endpoints: router, store, suggester and current time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast

from fastapi import Depends, Request

from pipeline.router import Router
from serve.store.database import Database
from serve.store.suggester import Suggester

# async, because FastAPI would run each plain function in a thread of its pool, which takes longer than the answer.


async def _router(request: Request) -> Router:
    return cast(Router, request.app.state.router)


async def _database(request: Request) -> Database:
    return cast(Database, request.app.state.database)


async def _suggester(request: Request) -> Suggester:
    return cast(Suggester, request.app.state.suggester)


async def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


LoadedRouter = Annotated[Router, Depends(_router)]
Store = Annotated[Database, Depends(_database)]
LoadedSuggester = Annotated[Suggester, Depends(_suggester)]
Now = Annotated[dt.datetime, Depends(_now)]

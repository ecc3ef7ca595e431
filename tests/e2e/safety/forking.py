"""A server forked from a process that has already assembled it, so that restarts take milliseconds, not seconds.

Run as ``python -m tests.e2e.safety.forking MODEL DATABASE PORT``. For every line on standard input it forks a child
that opens the store and serves, prints its process id, and an empty line once it has ended.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI

from pipeline.complaint import Complaint, Level
from serve.app import create_app
from serve.security import Door
from serve.settings import Settings
from serve.store.database import Database
from serve.store.migrate import ensure_current
from serve.timeouts import TimeoutProtocol


def main(model: Path, url: str, port: int) -> None:
    with TemporaryDirectory() as elsewhere:
        application = create_app(Settings(model=model, database_url=f"sqlite:///{elsewhere}/unused.sqlite3"))
        application.state.database.close()
        suggester = application.state.suggester
        suggester.suggest(Complaint("lampu jalan mati"))
        suggester.due_at(dt.datetime.now(tz=dt.UTC), ["dishub"], Level.SEDANG, "pengaduan")
        for _ in sys.stdin:
            if (child := os.fork()) == 0:
                _serve(application, url, port)
                os._exit(0)
            print(child, flush=True)  # noqa: T201
            os.waitpid(child, 0)
            print(flush=True)  # noqa: T201


def _serve(application: FastAPI, url: str, port: int) -> None:
    database = Database(url)
    ensure_current(database)
    application.state.database, application.state.door = database, Door(database)
    uvicorn.run(application, host="127.0.0.1", port=port, http=TimeoutProtocol, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

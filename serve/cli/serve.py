"""``disposisi serve``: serves the desk and the API."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli.console import err, tell
from pipeline.cli.options import RegionOption
from serve import logs, memory, processes
from serve.bind_address import check_bind
from serve.cli.store import DatabaseOption, settings_with
from serve.errors import SettingsError
from serve.loading import loading
from serve.origin import authority
from serve.settings import Settings
from serve.store import demo


def add_commands(app: typer.Typer) -> None:
    """Add ``serve``."""
    app.command()(serve)


def serve(
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of models, whose champion answers and can change while serving, or one model folder. "
            "Default: DISPOSISI_MODEL, or models.",
        ),
    ] = None,
    region: RegionOption = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="Port to listen on.")] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Number of worker processes, at most one per processor. Default: DISPOSISI_WORKERS, or 1.",
        ),
    ] = None,
    database: DatabaseOption = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Start with an empty queue, without the demo complaints.")
    ] = False,
) -> None:
    """Serve the desk and the API.

    Without accounts, it listens on this machine only and everybody on it is the demo user.
    """
    given = {"model": model, "region": region, "workers": workers}
    settings = settings_with(database).model_copy(update={name: value for name, value in given.items() if value})
    memory.return_freed_memory()
    memory.delay_full_collections()
    processes.check_workers(settings.workers)
    _check_port(host, port)
    logs.configure(settings.log_format, settings.log_level)
    with processes.counting_together(settings.workers):
        _serve(settings, host, port, empty=empty)


def _serve(settings: Settings, host: str, port: int, *, empty: bool) -> None:
    with loading():
        from serve.app import create_app  # noqa: PLC0415 (it imports prometheus_client, see counting_together)
        from serve.warm_up import warm_for_workers  # noqa: PLC0415 (as does the desk)

        application = create_app(settings)
    state = application.state
    check_bind(state.database, host)
    if not empty and state.door.is_open():
        added = demo.fill_if_new(state.database, state.suggester)
        if added:
            tell(f"The store is new: added {added} demo complaints to the queue (--empty for none).")
    router = state.router
    address = escape(f"http://{authority(host, port)}")
    err.print(
        f"Model [bold]{router.name}[/] for {router.region.name}. Open [link]{address}[/link] "
        f"(API: {address}/docs); Ctrl+C stops."
    )
    if state.door.is_open():
        err.print("[dim]No accounts: everybody on this machine is the demo user. Add one: disposisi user add NAME.[/]")
    if settings.workers > 1:
        warm_for_workers(application)
    processes.run(application, host, port, settings.workers)


def _check_port(host: str, port: int) -> None:
    """Check, before a model is loaded, that it is possible to listen on an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        raise SettingsError(
            f"Cannot listen on port {port} of {host}: {error.strerror}.",
            mend="Is another Disposisi running? Choose another port: --port 8001."
            if is_taken
            else "Use an address of this machine and a permitted port: --host 127.0.0.1 --port 8001.",
        ) from None

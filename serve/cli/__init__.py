"""Commands for serving, the store, users, keys, backups, personal data and training data."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand("serve", "serve.cli.serve", "Serve the desk and the API.", Panel.SERVE),
    LazyCommand(
        "import", "serve.cli.importing", "Import complaints from a file into the queue, with suggestions.", Panel.SERVE
    ),
    LazyCommand(
        "export-training",
        "serve.cli.training",
        "Export people's decisions as labelled complaints for training.",
        Panel.SERVE,
    ),
    LazyCommand("user", "serve.cli.users", "Manage the users of the desk.", Panel.STORE),
    LazyCommand("key", "serve.cli.keys", "Manage API keys of other systems.", Panel.STORE),
    LazyCommand("db", "serve.cli.database", "Manage the store of complaints and decisions.", Panel.STORE),
    LazyCommand(
        "backup",
        "serve.cli.backup",
        "Copy the store to one file while the service runs, and verify the copy.",
        Panel.STORE,
    ),
    LazyCommand(
        "restore",
        "serve.cli.backup",
        "Replace the store with a verified copy; the service must be stopped.",
        Panel.STORE,
    ),
    LazyCommand("subject", "serve.cli.subject", "Show, export or erase what is stored about one citizen.", Panel.STORE),
    LazyCommand("purge", "serve.cli.subject", "Erase the text of complaints that were settled long ago.", Panel.STORE),
)

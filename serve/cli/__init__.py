"""The commands of serving: ``serve``, the store's, and those of people, keys, copies, citizens and training data."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand("serve", "serve.cli.serve", "Serve the desk and the API.", Panel.SERVE),
    LazyCommand(
        "import", "serve.cli.importing", "Bring complaints of a file into the queue, with suggestions.", Panel.SERVE
    ),
    LazyCommand(
        "export-training",
        "serve.cli.training",
        "Write what people decided as labelled complaints to train on.",
        Panel.SERVE,
    ),
    LazyCommand("user", "serve.cli.users", "People who may log in at the desk.", Panel.STORE),
    LazyCommand("key", "serve.cli.keys", "Keys for other systems that use the API.", Panel.STORE),
    LazyCommand("db", "serve.cli.database", "The store of complaints and decisions.", Panel.STORE),
    LazyCommand(
        "backup",
        "serve.cli.backup",
        "Copy the store into one file while the service runs, and prove the copy.",
        Panel.STORE,
    ),
    LazyCommand(
        "restore",
        "serve.cli.backup",
        "Put a proved copy in the place of the store; the service must be stopped.",
        Panel.STORE,
    ),
    LazyCommand("subject", "serve.cli.subject", "What is stored of one citizen: show, hand out, erase.", Panel.STORE),
    LazyCommand("purge", "serve.cli.subject", "Erase the words of complaints that were settled long ago.", Panel.STORE),
)

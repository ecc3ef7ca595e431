"""The commands of serving: ``serve``, the store's, and those of people, keys, copies, citizens and training data."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand

COMMANDS: Final = (
    LazyCommand("serve", "serve.cli.serve", "Serve the desk and the API."),
    LazyCommand(
        "import",
        "serve.cli.importing",
        "Bring complaints into the queue, with suggestions. What is there already is not stored twice.",
    ),
    LazyCommand(
        "export-training",
        "serve.cli.training",
        "Write what people decided as labelled complaints to train on; texts are masked, people are hashes.",
    ),
    LazyCommand("user", "serve.cli.users", "People who may log in at the desk."),
    LazyCommand("key", "serve.cli.keys", "Keys for other systems that use the API."),
    LazyCommand("db", "serve.cli.database", "The store of complaints and decisions."),
    LazyCommand(
        "backup", "serve.cli.backup", "Copy the store into one file while the service runs, and prove the copy."
    ),
    LazyCommand(
        "restore",
        "serve.cli.backup",
        "Put a copy in the place of the store, once it has been proved; the service must be stopped.",
    ),
    LazyCommand("subject", "serve.cli.subject", "What is stored of one citizen: show, hand out, erase."),
    LazyCommand(
        "purge",
        "serve.cli.subject",
        "Erase the words of complaints that were settled so long ago; figures and the record of decisions stay.",
    ),
)

"""Training labels: which of a complaint's decisions name the right agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from serve.store.history import Entry
from serve.store.lifecycle import Action

NOT_COMPLAINT: Final = "bukan-aduan"  # class of messages that are no complaint
_TURNING_AWAY: Final = frozenset({Action.OUTSIDE, Action.NOT_COMPLAINT})


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that no later one undid."""
    undone = {entry.undoes for entry in entries if entry.undoes is not None}
    return [entry for entry in entries if entry.number not in undone and entry.action is not Action.UNDO]


def label_of(entry: Entry) -> str | None:
    """Return the agency that a decision names; ``None`` if it is no label."""
    return NOT_COMPLAINT if entry.action is Action.NOT_COMPLAINT else next(iter(entry.chosen), None)


def labelling(entries: Iterable[Entry]) -> list[Entry]:
    """Return those of the standing entries that count as labels; none if the last one turned out to be wrong.

    It is wrong if every agency that it names returned the complaint; of several, those that didn't are kept. It is also
    wrong if it turned the complaint away and that was reopened, but not if it was reopened after an agency's work.
    """
    decided: list[Entry] = []
    last: Entry | None = None
    for entry in entries:
        if label_of(entry):
            decided.append(entry)
            last = entry
        elif last and entry.action is Action.RETURN:
            last = replace(last, chosen=tuple(code for code in last.chosen if code != entry.agency))
        elif last and entry.action is Action.REOPEN and last.action in _TURNING_AWAY:
            last = None
    return [*decided[:-1], last] if last and label_of(last) else []

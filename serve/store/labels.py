"""Which agency people said was right: the label that a model learns from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from serve.store.history import Entry
from serve.store.lifecycle import Action

NOT_COMPLAINT: Final = "bukan-aduan"  # the class of what is no complaint
_TURNING_AWAY: Final = frozenset({Action.OUTSIDE, Action.NOT_COMPLAINT})


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that no later one undid."""
    undone = {entry.undoes for entry in entries if entry.undoes is not None}
    return [entry for entry in entries if entry.number not in undone and entry.action is not Action.UNDO]


def label_of(entry: Entry) -> str | None:
    """Return the agency that a decision names; ``None`` if it is no label."""
    return NOT_COMPLAINT if entry.action is Action.NOT_COMPLAINT else next(iter(entry.chosen), None)


def labelling(entries: Iterable[Entry]) -> list[Entry]:
    """Return the decisions that are a label, of entries that stand; none if the last one turned out to be wrong.

    It is wrong when every agency that it names returned the complaint; of several, those that didn't are left. It is
    wrong too when it closed the complaint as nobody's here, and that was reopened: not so after an agency's work.
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

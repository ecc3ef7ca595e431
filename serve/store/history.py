"""Event sourcing of complaints: a pure function from the entries of the record to a complaint's state.

It needs neither database nor clock. An entry has everything needed to understand the decision years later, including
what was suggested at that moment and by which model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.complaint import Decision, Level
from serve.errors import NotPossibleNowError
from serve.store.lifecycle import LEADS_TO, NEVER_UNDONE, POSSIBLE, UNDER_WAY, Action, Situation, Status

__all__ = [
    "ARCHIVIST", "UNDO_WINDOW", "Action", "Entry", "Situation", "State", "Status", "Suggested", "apply", "replay",
]  # fmt: skip
UNDO_WINDOW = dt.timedelta(minutes=10)
ARCHIVIST = "impor:arsip"  # author of entries from an imported archive; no user or key can have this name


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestion that was shown when somebody decided.

    Attributes
    ----------
    id
        Id of the stored suggestion.
    agencies
        Codes, most probable first.
    """

    id: int
    model: str
    decision: Decision
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record.

    Attributes
    ----------
    number
        Sequence number among the complaint's entries, from 1.
    suggested
        The suggestion that the dispatcher saw; for ``receive``, ``return`` and the like the new one.
    chosen
        The agencies it was sent to; for ``outside`` who is responsible; for ``relabel`` who would have been right.
    agency
        The agency that returned it.
    urgency, due_at
        The new urgency and the resulting deadline; ``None`` if unchanged.
    into
        The complaint it was merged into.
    parts
        The complaints it was split into.
    undoes
        Number of the entry that is undone.
    key
        Idempotency key: a decision retried after a lost connection is put on record once.
    erased
        For ``erase``: numbers of the entries whose free text was removed, each with the digest of what is left.
    """

    complaint: int
    number: int
    at: dt.datetime
    by: str
    action: Action
    suggested: Suggested
    chosen: tuple[str, ...] = ()
    agency: str | None = None
    why: str = ""
    urgency: Level | None = None
    due_at: dt.datetime | None = None
    situation: Situation | None = None
    tags: tuple[str, ...] | None = None
    into: int | None = None
    parts: tuple[int, ...] = ()
    undoes: int | None = None
    key: str | None = None
    erased: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """State of a complaint after its entries.

    Attributes
    ----------
    returned_by
        Agencies that returned it, in order, with repetitions.
    last
        Number of the entry that led to this state; smaller than ``version`` after an undo.
    before
        The state that an undo restores; ``None`` if there is none.
    """

    status: Status
    urgency: Level
    due_at: dt.datetime
    suggested: Suggested
    situation: Situation
    agencies: tuple[str, ...]
    tags: tuple[str, ...]
    returned_by: tuple[str, ...]
    merged_into: int | None
    parts: tuple[int, ...]
    forwarded_at: dt.datetime | None
    closed_at: dt.datetime | None
    changed_at: dt.datetime
    last: int
    last_action: Action
    version: int
    before: State | None = field(default=None, compare=False, repr=False)

    @property
    def agency(self) -> str | None:
        """The agency that has the complaint, or the one suggested first."""
        return next(iter(self.agencies or self.suggested.agencies), None)

    def undoable(self, now: dt.datetime) -> bool:
        """Tell whether the entry that led to this state can still be undone."""
        return self.before is not None and self.last_action not in NEVER_UNDONE and now - self.changed_at <= UNDO_WINDOW


def replay(entries: Iterable[Entry]) -> State:
    """Return the state after a complaint's entries, given in order.

    Raises
    ------
    NotPossibleNowError
        If the entries aren't a possible history of a complaint.
    ValueError
        If there are no entries.
    """
    state: State | None = None
    for entry in entries:
        state = apply(state, entry)
    if state is None:
        raise ValueError("A complaint has at least the entry of its arrival.")
    return state


def apply(state: State | None, entry: Entry) -> State:
    """Return the state after one more entry.

    Raises
    ------
    NotPossibleNowError
        If the state doesn't allow the entry.
    """
    if state is None:
        return _received(entry)
    if entry.number != state.version + 1:
        raise NotPossibleNowError(
            f"Keputusan nomor {entry.number} tidak menyambung nomor {state.version}.", mend="Muat ulang aduan ini."
        )
    if entry.action is Action.UNDO:
        return _undone(state, entry)
    if state.status not in POSSIBLE[entry.action]:
        raise NotPossibleNowError(
            f"Tindakan “{entry.action}” tidak mungkin pada aduan berstatus {state.status.label}.",
            mend="Muat ulang aduan ini dan lihat tindakan yang tersedia.",
        )
    after = replace(
        _effect(state, entry),
        suggested=entry.suggested,
        changed_at=entry.at,
        last=entry.number,
        last_action=entry.action,
        version=entry.number,
        before=state,
    )
    return _with_urgency(after, entry)


def _received(entry: Entry) -> State:
    if entry.action is not Action.RECEIVE or entry.number != 1 or entry.urgency is None or entry.due_at is None:
        raise NotPossibleNowError(
            "Catatan pertama sebuah aduan adalah kedatangannya.", mend="Periksa berkas catatannya."
        )
    by_urgency = Situation.DARURAT if entry.urgency is Level.DARURAT else Situation.TIDAK_BERPENGAWASAN
    return State(
        status=Status.PERLU_VERIFIKASI,
        urgency=entry.urgency,
        due_at=entry.due_at,
        suggested=entry.suggested,
        situation=entry.situation or by_urgency,
        agencies=(),
        tags=entry.tags or (),
        returned_by=(),
        merged_into=None,
        parts=(),
        forwarded_at=None,
        closed_at=None,
        changed_at=entry.at,
        last=1,
        last_action=Action.RECEIVE,
        version=1,
    )


def _undone(state: State, entry: Entry) -> State:
    if entry.undoes != state.last or state.before is None or not state.undoable(entry.at):
        raise NotPossibleNowError(
            "Keputusan ini tidak dapat dibatalkan lagi.",
            mend="Hanya keputusan terakhir, dan hanya dalam 10 menit; buat keputusan baru.",
        )
    return replace(state.before, version=entry.number)


def _effect(state: State, entry: Entry) -> State:
    if status := LEADS_TO.get(entry.action):
        state = replace(state, status=status, closed_at=None if status in UNDER_WAY else entry.at)
    match entry.action:
        case Action.FORWARD:
            return replace(state, agencies=entry.chosen, forwarded_at=entry.at)
        case Action.OUTSIDE:
            return replace(state, agencies=entry.chosen)
        case Action.MERGE:
            return replace(state, merged_into=entry.into)
        case Action.SPLIT:
            return replace(state, parts=entry.parts)
        case Action.RETURN:
            return _returned(state, entry)
        case Action.REOPEN:
            return replace(state, agencies=())
        case Action.MARK:
            tags = state.tags if entry.tags is None else entry.tags
            return replace(state, situation=entry.situation or state.situation, tags=tags)
        case _:
            return state


def _returned(state: State, entry: Entry) -> State:
    """Remove the agency that returned the complaint; if none is left, it goes back to the desk's queue."""
    if entry.agency not in state.agencies:
        raise NotPossibleNowError(
            f"Aduan ini tidak ada pada {entry.agency}.", mend="Pilih instansi yang menerima aduan ini."
        )
    left = tuple(code for code in state.agencies if code != entry.agency)
    status = state.status if left else Status.PERLU_VERIFIKASI
    return replace(state, status=status, agencies=left, returned_by=(*state.returned_by, entry.agency))


def _with_urgency(state: State, entry: Entry) -> State:
    """Apply urgency and deadline; unless the entry sets a situation, *darurat* sets or clears that situation, too."""
    urgency = entry.urgency or state.urgency
    situation = state.situation
    if entry.situation is None and urgency is not state.urgency:
        if urgency is Level.DARURAT:
            situation = Situation.DARURAT
        elif situation is Situation.DARURAT:
            situation = Situation.TIDAK_BERPENGAWASAN
    return replace(state, urgency=urgency, due_at=entry.due_at or state.due_at, situation=situation)

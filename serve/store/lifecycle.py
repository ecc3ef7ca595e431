"""State machine of a complaint: statuses, actions and the transitions between them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """Status of a complaint, named as in SP4N-LAPOR! and Lapor AA where they have one."""

    PERLU_VERIFIKASI = "perlu-verifikasi"  # in the desk's queue
    PERLU_DILENGKAPI = "perlu-dilengkapi"  # the citizen was asked for more
    TERDISPOSISI = "terdisposisi"  # sent to agencies
    DIPROSES = "diproses"  # an agency is at work
    SELESAI = "selesai"
    LUAR_KEWENANGAN = "luar-kewenangan"
    BUKAN_ADUAN = "bukan-aduan"
    DIGABUNG = "digabung"  # into another complaint
    DIPECAH = "dipecah"  # into several complaints
    DITARIK = "ditarik"  # a part whose split was undone

    @property
    def label(self) -> str:
        """Label shown to users."""
        return "Luar Kewenangan" if self is Status.LUAR_KEWENANGAN else self.value.replace("-", " ").title()


class Situation(StrEnum):
    """*Situasi*, as in Lapor AA."""

    DARURAT = "darurat"
    PERMINTAAN_INFORMASI = "permintaan-informasi"
    BERPENGAWASAN = "berpengawasan"
    TIDAK_BERPENGAWASAN = "tidak-berpengawasan"

    @property
    def label(self) -> str:
        """Label shown to users."""
        return self.value.replace("-", " ").title()


class Action(StrEnum):
    """An action on a complaint."""

    RECEIVE = "receive"
    FORWARD = "forward"
    URGENCY = "urgency"
    MARK = "mark"  # situation and tags
    ASK = "ask"  # the citizen for more
    ANSWER = "answer"  # of the citizen
    OUTSIDE = "outside"  # the region's authority
    NOT_COMPLAINT = "not-complaint"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW = "withdraw"
    RETURN = "return"  # by an agency: "bukan kewenangan kami"
    START = "start"
    FINISH = "finish"
    REOPEN = "reopen"
    ERASE = "erase"  # its personal data, at a citizen's request or after the retention period
    RELABEL = "relabel"  # which agency would have been right, for the next model; nothing is sent
    UNDO = "undo"


OPEN = frozenset({Status.PERLU_VERIFIKASI, Status.PERLU_DILENGKAPI})
SENT = frozenset({Status.TERDISPOSISI, Status.DIPROSES})
UNDER_WAY = OPEN | SENT
CLOSED = frozenset({Status.SELESAI, Status.LUAR_KEWENANGAN, Status.BUKAN_ADUAN})
DISSOLVED = frozenset({Status.DIGABUNG, Status.DIPECAH, Status.DITARIK})  # what it said stands in other complaints

# Statuses in which each action is possible; undo has its own rules.
POSSIBLE: dict[Action, frozenset[Status]] = {
    Action.RECEIVE: frozenset(),
    Action.FORWARD: UNDER_WAY,
    Action.URGENCY: UNDER_WAY,
    Action.MARK: UNDER_WAY | CLOSED,
    Action.ASK: OPEN,
    Action.ANSWER: frozenset({Status.PERLU_DILENGKAPI}),
    Action.OUTSIDE: OPEN,
    Action.NOT_COMPLAINT: OPEN,
    Action.MERGE: OPEN,
    Action.SPLIT: OPEN,
    Action.WITHDRAW: frozenset({Status.PERLU_VERIFIKASI}),
    Action.RETURN: SENT,
    Action.START: frozenset({Status.TERDISPOSISI}),
    Action.FINISH: SENT,
    Action.REOPEN: CLOSED,
    Action.ERASE: frozenset(Status),
    Action.RELABEL: SENT | CLOSED,
}
LEADS_TO: dict[Action, Status] = {
    Action.FORWARD: Status.TERDISPOSISI,
    Action.ASK: Status.PERLU_DILENGKAPI,
    Action.ANSWER: Status.PERLU_VERIFIKASI,
    Action.OUTSIDE: Status.LUAR_KEWENANGAN,
    Action.NOT_COMPLAINT: Status.BUKAN_ADUAN,
    Action.MERGE: Status.DIGABUNG,
    Action.SPLIT: Status.DIPECAH,
    Action.WITHDRAW: Status.DITARIK,
    Action.START: Status.DIPROSES,
    Action.FINISH: Status.SELESAI,
    Action.REOPEN: Status.PERLU_VERIFIKASI,
}
NEVER_UNDONE = frozenset({Action.RECEIVE, Action.ANSWER, Action.WITHDRAW, Action.ERASE})


def stored(statuses: Iterable[Status]) -> tuple[str, ...]:
    """Return statuses as their column holds them, for SQL conditions; in order, so that the SQL is always the same."""
    return tuple(sorted(map(str, statuses)))

"""Where a complaint can stand, what can be done with it, and from where to where that leads."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands, in the words of SP4N-LAPOR! and Lapor AA where they have one."""

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
        """The words for people."""
        return "Luar Kewenangan" if self is Status.LUAR_KEWENANGAN else self.value.replace("-", " ").title()


class Situation(StrEnum):
    """*Situasi*, as Lapor AA has it."""

    DARURAT = "darurat"
    PERMINTAAN_INFORMASI = "permintaan-informasi"
    BERPENGAWASAN = "berpengawasan"
    TIDAK_BERPENGAWASAN = "tidak-berpengawasan"

    @property
    def label(self) -> str:
        """The words for people."""
        return self.value.replace("-", " ").title()


class Action(StrEnum):
    """What can be done with a complaint."""

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
    ERASE = "erase"  # the personal data in it, at a citizen's request or when its time is over
    RELABEL = "relabel"  # who would have been right, for the next model; nothing is sent
    UNDO = "undo"


OPEN = frozenset({Status.PERLU_VERIFIKASI, Status.PERLU_DILENGKAPI})
SENT = frozenset({Status.TERDISPOSISI, Status.DIPROSES})
CLOSED = frozenset({Status.SELESAI, Status.LUAR_KEWENANGAN, Status.BUKAN_ADUAN})

# From which status each action is possible; undo has rules of its own.
POSSIBLE: dict[Action, frozenset[Status]] = {
    Action.RECEIVE: frozenset(),
    Action.FORWARD: OPEN | SENT,
    Action.URGENCY: OPEN | SENT,
    Action.MARK: OPEN | SENT | CLOSED,
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

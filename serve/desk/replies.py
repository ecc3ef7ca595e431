"""Replies to citizens, from the region's templates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.region import Region
from pipeline.region.replies import fill
from serve.desk.offices import Offices
from serve.desk.wording import day
from serve.store import models
from serve.store.lifecycle import Action

_NO_CONTACT = "—"


@dataclass(frozen=True, slots=True)
class ReplyWriter:
    """Writes replies about one complaint.

    Attributes
    ----------
    number
        Number of the complaint.
    now
        Current time; no deadline before it is promised.
    """

    region: Region
    offices: Offices
    zone: ZoneInfo
    number: int
    now: dt.datetime

    def template(self, action: Action, due: dt.datetime | None = None) -> str | None:
        """Return the template for an action; ``None`` if the citizen gets no reply."""
        replies = self.region.replies
        return {
            Action.RECEIVE: replies.received,
            Action.FORWARD: replies.forwarded_late if self.is_past(due) else replies.forwarded,
            Action.ASK: replies.ask,
            Action.OUTSIDE: replies.outside,
            Action.NOT_COMPLAINT: replies.not_complaint,
            Action.MERGE: replies.merged,
        }.get(action)

    def is_past(self, due: dt.datetime | None) -> bool:
        """Tell whether there is a deadline and it has passed."""
        return due is not None and due < self.now

    def standard(self, action: Action, codes: Sequence[str] = (), due: dt.datetime | None = None) -> str:
        """Return the standard reply; unknown placeholders stay in braces. Empty if the citizen gets no reply."""
        return self.filled(self.template(action, due) or "", codes, due)

    def filled(self, text: str, codes: Sequence[str] = (), due: dt.datetime | None = None) -> str:
        """Return a text with the placeholders filled whose values are known."""
        return fill(text, {"nomor": str(self.number), "wilayah": self.region.name} | self._decided(codes, due))

    def merged(self, template: str, into: models.Complaint) -> str:
        """Return a text about the merge into another complaint, without the number of a secret one."""
        return self.filled(fill(template, {"induk": "lain" if into.secret else f"nomor {into.id}"}))

    def unfilled(self, text: str, codes: Sequence[str], due: dt.datetime) -> str:
        """Return a text with the values for these agencies replaced by placeholders again, to be filled for others."""
        placeholders = {
            value: f"{{{name}}}" for name, value in self._decided(codes, due).items() if value != _NO_CONTACT
        }
        longest_first = "|".join(map(re.escape, sorted(placeholders, key=len, reverse=True)))
        return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda found: placeholders[found[0]], text)

    def _decided(self, codes: Sequence[str], due: dt.datetime | None) -> dict[str, str]:
        """Return the values of the placeholders that depend on the decision."""
        values = {}
        if codes:
            values["instansi"] = _listed([self.offices.name(code) for code in codes])
            contacts = self.region.replies.contacts
            values["kontak"] = "; ".join(contacts[code] for code in codes if code in contacts) or _NO_CONTACT
        if due is not None:
            values["tenggat"] = day(due, self.zone)
        return values


def _listed(names: list[str]) -> str:
    """Return names as a list; a comma before *dan*, which also occurs within names, is due from three on."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"

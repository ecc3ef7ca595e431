"""Replies to citizens, as templates in ``replies.yaml``; regions without that file use the national ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline.errors import RegionError
from pipeline.region.national import BASE
from pipeline.region.schema import Agency
from pipeline.region.sources import Mistake, Sources

FILE = "replies.yaml"
PLACEHOLDERS = frozenset({"nomor", "wilayah", "instansi", "tenggat", "kontak", "induk"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

Template = Annotated[str, Field(min_length=10, max_length=2_000)]


class Replies(BaseModel):
    """Templates by outcome, and contacts of the responsible bodies outside the region's authority.

    Attributes
    ----------
    received, forwarded, ask, outside, not_complaint
        With ``{nomor}``, ``{wilayah}``, ``{instansi}``, ``{tenggat}`` and ``{kontak}``.
    forwarded_late
        Like ``forwarded``, if the deadline has passed.
    merged
        With ``{nomor}`` and ``{induk}``: "nomor 12", or "lain". A region's own file may omit this and the one before,
        to use the national ones.
    contacts
        By code of the agency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    received: Template
    forwarded: Template
    forwarded_late: Template | None = None
    ask: Template
    outside: Template
    not_complaint: Template
    merged: Template | None = None
    contacts: dict[str, Annotated[str, Field(min_length=3)]] = Field(default_factory=dict)

    @field_validator("received", "forwarded", "forwarded_late", "ask", "outside", "not_complaint", "merged")
    @classmethod
    def _placeholders_are_known(cls, template: str | None) -> str | None:
        if unknown := sorted(set(_PLACEHOLDER.findall(template or "")) - PLACEHOLDERS):
            raise ValueError(f"unknown placeholder {', '.join(unknown)}; use {', '.join(sorted(PLACEHOLDERS))}")
        return template

    @field_validator("forwarded", "forwarded_late", "outside")
    @classmethod
    def _names_the_office(cls, template: str | None) -> str | None:
        if template is not None and "{instansi}" not in template:
            raise ValueError("{instansi} is missing: the citizen must learn who is responsible")
        return template

    @field_validator("forwarded_late")
    @classmethod
    def _promises_no_date(cls, template: str | None) -> str | None:
        if "{tenggat}" in (template or ""):
            raise ValueError("{tenggat} is in the past by then: leave it out")
        return template


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its placeholders filled; placeholders without a value are left as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


@cache
def national_replies() -> Replies:
    """Return the replies of the national base.

    Raises
    ------
    RegionError
        If its file is damaged.
    """
    sources = Sources(BASE)
    for _, replies in sources.document(BASE / FILE, Replies):
        return replies
    raise RegionError(f"The national base's {FILE} cannot be read.", mend="Install Disposisi again.")


def read_replies(sources: Sources, folder: Path, agencies: Mapping[str, Agency]) -> Replies:
    """Return a region's replies, and add their mistakes to the list."""
    base = national_replies()
    own = next((entry for _, entry in sources.document(folder / FILE, Replies)), None) if _has_own(folder) else None
    contacts = {code: text for code, text in base.contacts.items() if code in agencies}
    if own is not None:
        sources.mistakes += _unknown(own, agencies)
        contacts |= own.contacts
    sources.mistakes += [
        Mistake(FILE, 0, f"contacts: how to reach {agency.name} ({code}) is missing")
        for code, agency in agencies.items()
        if agency.kind == "luar" and agency.valid_to is None and code not in contacts
    ]
    chosen = own or base
    left_out = {name: getattr(base, name) for name in ("forwarded_late", "merged") if getattr(chosen, name) is None}
    return chosen.model_copy(update={"contacts": contacts, **left_out})


def _has_own(folder: Path) -> bool:
    return (folder / FILE).exists()


def _unknown(own: Replies, agencies: Mapping[str, Agency]) -> Iterator[Mistake]:
    for code in sorted(set(own.contacts) - set(agencies)):
        yield Mistake(FILE, 0, f"contacts: {code!r} is not an agency")

"""The problem catalogue, typed; its format is described in docs/catalogue.md."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pipeline.complaint import Level

Register = Literal["formal", "whatsapp", "marah", "sepuh", "singkat", "daerah", "tanya", "cerita"]
MIN_REGISTERS = 6
NOT_A_COMPLAINT = "bukan-aduan"
PLACEHOLDERS = frozenset({"{lokasi}", "{waktu}", "{instansi}"})

Text = Annotated[str, Field(min_length=2)]
_PLACEHOLDER = re.compile(r"\{.*?\}")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shift(_Entry):
    """A circumstance that makes a problem more or less urgent, with clauses that say so."""

    to: Level
    when: Text
    fragments: Annotated[tuple[Text, ...], Field(min_length=1)]


class Problem(_Entry):
    """One problem that citizens bring to an office, and how they phrase it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Text
    urgency: Level
    raises: tuple[Shift, ...] = ()
    lowers: tuple[Shift, ...] = ()
    places: tuple[Text, ...] = ()
    confused_with: dict[str, Text] = Field(default_factory=dict)
    phrasings: dict[Register, Annotated[tuple[Text, ...], Field(min_length=1)]]

    @field_validator("raises", "lowers", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return value or ()

    @field_validator("phrasings")
    @classmethod
    def _placeholders_are_known(cls, phrasings: dict[Register, tuple[str, ...]]) -> dict[Register, tuple[str, ...]]:
        found = {p for texts in phrasings.values() for text in texts for p in _PLACEHOLDER.findall(text)}
        if unknown := sorted(found - PLACEHOLDERS):
            raise ValueError(f"unknown placeholder {', '.join(unknown)}; use {', '.join(sorted(PLACEHOLDERS))}")
        return phrasings

    @property
    def texts(self) -> tuple[tuple[Register, str], ...]:
        """All phrasings with their register."""
        return tuple((register, text) for register, texts in self.phrasings.items() for text in texts)


class Urusan(_Entry):
    """One field of government: what its office is responsible for, and its problems; one file of the catalogue."""

    urusan: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    mandate: Annotated[str, Field(min_length=20)]
    problems: Annotated[tuple[Problem, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _enough_registers(self) -> Urusan:
        if self.urusan == NOT_A_COMPLAINT:
            return self
        short = [p.id for p in self.problems if len(p.phrasings) < MIN_REGISTERS]
        if short:
            raise ValueError(f"fewer than {MIN_REGISTERS} registers in: {', '.join(short)}")
        return self

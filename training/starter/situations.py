"""Emergencies and calm messages that only sound like one, written for this project, as they stand."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pipeline.complaint import Kind, Level


class Situation(BaseModel):
    """One text of situations.jsonl.

    Attributes
    ----------
    about
        The kind of danger, or of what only sounds like one.
    agencies
        Codes of the offices that may act; empty for a calm message.
    kind
        ``None`` where the text would pass as more than one kind of message.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    half: str
    emergency: bool
    about: str
    style: Annotated[str, Field(alias="register")]
    agencies: tuple[str, ...]
    text: str
    urgency: Level
    kind: Kind | None


def load_situations() -> list[Situation]:
    """Read situations.jsonl: 200 emergencies and 200 calm messages."""
    lines = files("training.starter").joinpath("situations.jsonl").read_text(encoding="utf-8").splitlines()
    return [Situation.model_validate(json.loads(line)) for line in lines]

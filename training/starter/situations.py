"""Messages of every level of urgency, written for this project and used unchanged."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pipeline.complaint import Kind, Level


class Situation(BaseModel):
    """One text of situations.jsonl.

    Attributes
    ----------
    about
        The kind of danger, or of something that only sounds like one.
    kind
        ``None`` if the text could be more than one kind of message.
    urusan
        The field of government whose agency handles it; ``None`` if another would fit as well, or it was not decided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    about: str
    style: Annotated[str, Field(alias="register")]
    text: str
    urgency: Level
    kind: Kind | None
    urusan: str | None = None


@cache
def load_situations() -> tuple[Situation, ...]:
    """Read situations.jsonl: emergencies, calm messages that may sound like one, and everyday complaints."""
    lines = files("training.starter").joinpath("situations.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Situation.model_validate(json.loads(line)) for line in lines)

"""The phrases around a problem, typed; they are in phrases.yaml."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

Texts = tuple[str, ...]


class Phrases(BaseModel):
    """Openings and closings by register (``any`` serves all), and the lists that places and contexts are drawn from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    openings: dict[str, Texts]
    closings: dict[str, Texts]
    requests: Texts
    asides: Texts
    contexts: Texts
    times: Texts
    connectors: Texts
    landmarks: Texts
    streets: Texts
    housing: Texts
    kampungs: Texts
    emoji: Texts


@cache
def load_phrases() -> Phrases:
    """Read phrases.yaml."""
    return Phrases.model_validate(
        yaml.safe_load(files("training.starter").joinpath("phrases.yaml").read_text(encoding="utf-8"))
    )

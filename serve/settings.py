"""Operations settings, from the environment: ``DISPOSISI_MODEL`` and so on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set where Disposisi is served.

    Attributes
    ----------
    model
        A model's folder, or a folder of models: its champion answers, and a new one is taken over while serving.
    region
        The region's folder or name; ``None`` for the model's own.
    database_url
        Where complaints and decisions are kept: ``sqlite:///file`` or ``postgresql://user@host/name``.
    review
        Folder of the lists that ``disposisi suspects`` and ``disposisi teach`` wrote for the desk.
    timezone
        In which the region's offices open and close.
    max_body_bytes
        Larger requests are refused before they are read to the end. 1,000 complaints of 8,000 characters fit.
    allowed_origins
        Pages of other applications that may ask for suggestions (docs/panel.md); in the environment with spaces between
        them, ``https://lapor.example.go.id https://aduan.example.go.id``.
    """

    model_config = SettingsConfigDict(env_prefix="DISPOSISI_", protected_namespaces=())

    model: Path = Path("models")
    region: str | None = None
    database_url: str = "sqlite:///data/disposisi.sqlite3"
    review: Path = Path("data/review")
    timezone: str = "Asia/Jakarta"
    max_body_bytes: int = 16 * 1024 * 1024
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        origins = tuple(value.split()) if isinstance(value, str) else value
        for origin in origins if isinstance(origins, tuple) else ():
            parts = urlsplit(str(origin))
            if origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"}:
                raise ValueError(f"{origin!r} is no origin: write scheme and host, such as https://lapor.example.go.id")
        return origins

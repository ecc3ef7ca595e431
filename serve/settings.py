"""Operations settings, from the environment: ``DISPOSISI_MODEL`` and so on."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


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
    timezone
        In which the region's offices open and close.
    max_body_bytes
        Larger requests are refused before they are read to the end. 1,000 complaints of 8,000 characters fit.
    """

    model_config = SettingsConfigDict(env_prefix="DISPOSISI_", protected_namespaces=())

    model: Path = Path("models")
    region: str | None = None
    database_url: str = "sqlite:///data/disposisi.sqlite3"
    timezone: str = "Asia/Jakarta"
    max_body_bytes: int = 16 * 1024 * 1024

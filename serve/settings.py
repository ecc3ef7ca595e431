"""Operations settings, from the environment: ``DISPOSISI_MODEL`` and so on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from serve.logs import LogFormat, LogLevel

_USUAL_PORTS: Final = {"http": 80, "https": 443}  # a browser leaves them out


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
    workers
        Processes that answer.
    timezone
        In which the region's offices open and close; ``None`` for the region's own.
    max_body_bytes
        Larger requests are refused before they are read to the end. 1,000 complaints of 8,000 characters fit.
    max_requests, max_suggestions, max_listeners
        API requests answered at once: they share 40 threads with the desk, which needs some; requests for one
        suggestion, which need no thread; and pages that listen for events. Any more are asked to come again (503).
    body_seconds
        In which a request's body must have come.
    log_format, log_level
        ``human`` or ``json``; ``debug``, ``info``, ``warning`` or ``error``.
    allowed_origins
        Pages of other applications that may ask for suggestions (docs/panel.md); in the environment with spaces between
        them, ``https://lapor.example.go.id https://aduan.example.go.id``.
    """

    model_config = SettingsConfigDict(env_prefix="DISPOSISI_", protected_namespaces=())

    model: Path = Path("models")
    region: str | None = None
    database_url: str = "sqlite:///data/disposisi.sqlite3"
    review: Path = Path("data/review")
    workers: PositiveInt = 1
    timezone: str | None = None
    max_body_bytes: PositiveInt = 16 * 1024 * 1024
    max_requests: PositiveInt = 24
    max_suggestions: NonNegativeInt = 500
    max_listeners: NonNegativeInt = 500
    body_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30.0
    log_format: LogFormat = LogFormat.HUMAN
    log_level: LogLevel = LogLevel.WARNING
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        try:
            if name is not None:
                ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # no file of that name, no file name, a folder
            raise ValueError(f"{name!r} is not a time zone: use one such as Asia/Jakarta or Asia/Makassar") from None
        return name

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        origins = tuple(value.split()) if isinstance(value, str) else value
        for origin in origins if isinstance(origins, tuple) else ():
            if not _is_sent_by_browsers(str(origin)):
                raise ValueError(
                    f"{origin!r} is not an origin that a browser sends: write scheme and host in small letters, and a "
                    "port only if it isn't the usual one, such as https://lapor.example.go.id"
                )
        return origins


def _is_sent_by_browsers(origin: str) -> bool:
    """Tell whether a browser could write an origin this way; one written in another way would never match."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or not origin.isascii() or parts.scheme not in _USUAL_PORTS or port == _USUAL_PORTS[parts.scheme]:
        return False
    written = f"[{host}]" if ":" in host else host
    return origin == f"{parts.scheme}://{written}" + ("" if port is None else f":{port}")

"""Operations settings, read from environment variables such as ``DISPOSISI_MODEL``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, NonNegativeInt, PositiveInt, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipeline.numerals import in_digits
from serve.logs import LogFormat, LogLevel

_WRITTEN: Final = BeforeValidator(in_digits)
_USUAL_PORTS: Final = {"http": 80, "https": 443}  # a browser leaves them out


class Settings(BaseSettings):
    """Settings of the server.

    Attributes
    ----------
    model
        A model's folder, or a folder of models, whose champion answers and can be replaced while serving.
    region
        The region's folder or name; ``None`` for the model's own.
    database_url
        Database of complaints and decisions: ``sqlite:///file`` or ``postgresql://user@host/name``.
    review
        Folder of the lists that ``disposisi suspects`` and ``disposisi teach`` wrote for the desk.
    workers
        Number of worker processes.
    timezone
        Time zone of the offices' opening hours; ``None`` for the region's own.
    max_body_bytes
        Larger requests are refused before they are read to the end. 1,000 complaints of 8,000 characters fit.
    max_requests, max_suggestions, max_listeners
        Maximum number of concurrent API requests, which share 40 threads with the desk; of requests for one
        suggestion, which need no thread; and of open event streams. Beyond that, requests get 503.
    body_seconds
        Seconds within which a request's body must have arrived.
    log_format, log_level
        ``human`` or ``json``; ``debug``, ``info``, ``warning`` or ``error``.
    allowed_origins
        Origins of other applications whose pages may ask for suggestions (docs/panel.md); in the environment separated
        by spaces: ``https://lapor.example.go.id https://aduan.example.go.id``.
    """

    model_config = SettingsConfigDict(env_prefix="DISPOSISI_", protected_namespaces=())

    model: Path = Path("models")
    region: str | None = None
    database_url: str = "sqlite:///data/disposisi.sqlite3"
    review: Path = Path("data/review")
    workers: Annotated[PositiveInt, _WRITTEN] = 1
    timezone: str | None = None
    max_body_bytes: Annotated[PositiveInt, _WRITTEN] = 16 * 1024 * 1024
    max_requests: Annotated[PositiveInt, _WRITTEN] = 24
    max_suggestions: Annotated[NonNegativeInt, _WRITTEN] = 500
    max_listeners: Annotated[NonNegativeInt, _WRITTEN] = 500
    body_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False), _WRITTEN] = 30.0
    log_format: LogFormat = LogFormat.HUMAN
    log_level: LogLevel = LogLevel.WARNING
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        try:
            if name is not None:
                ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, not a valid name, a folder
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
    """Tell whether an origin is in the form that browsers send; in any other form it would never match."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or not origin.isascii() or parts.scheme not in _USUAL_PORTS or port == _USUAL_PORTS[parts.scheme]:
        return False
    written = f"[{host}]" if ":" in host else host
    return origin == f"{parts.scheme}://{written}" + ("" if port is None else f":{port}")

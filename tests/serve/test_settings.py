"""Settings that cannot be used are told before anything is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from serve.cli.store import settings_with
from serve.errors import SettingsError


@pytest.mark.parametrize("name", ["MAX_REQUESTS", "MAX_BODY_BYTES", "BODY_SECONDS"])
def test_a_limit_under_which_nothing_could_be_answered_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DISPOSISI_{name}", "0")
    with pytest.raises(SettingsError, match=f"DISPOSISI_{name}: .*greater than 0"):
        settings_with(None)


@pytest.mark.parametrize("name", ["WORKERS", "MAX_BODY_BYTES", "MAX_LISTENERS", "BODY_SECONDS"])
def test_a_setting_is_a_number_as_people_write_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DISPOSISI_{name}", "1_0")
    with pytest.raises(SettingsError, match=f"DISPOSISI_{name}: .*digits"):
        settings_with(None)
    monkeypatch.setenv(f"DISPOSISI_{name}", "10")
    assert getattr(settings_with(None), name.lower()) == 10


@pytest.mark.parametrize("seconds", ["inf", "nan"])
def test_a_body_cannot_be_waited_for_without_end(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_BODY_SECONDS", seconds)
    with pytest.raises(SettingsError, match=r"DISPOSISI_BODY_SECONDS: .*finite"):
        settings_with(None)


def test_a_setting_that_cannot_be_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", "https://lapor.example.go.id lapor.example.go.id/")
    with pytest.raises(SettingsError, match=r"DISPOSISI_ALLOWED_ORIGINS: 'lapor.example.go.id/' is not an origin"):
        settings_with(f"sqlite:///{tmp_path}/s")
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", " https://lapor.example.go.id  http://127.0.0.1:9 ")
    assert settings_with(None).allowed_origins == ("https://lapor.example.go.id", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    "origin",
    ["https://", "https://petugas@lapor.example.go.id", "https://Lapor.example.go.id", "https://lapor.example.go.id:443",
     "http://127.0.0.1:80", "https://lapor.example.go.id:", "https://lapor.example.go.id:99999", "https://[lapor"],
)  # fmt: skip
def test_an_origin_that_no_browser_sends_is_refused(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_ALLOWED_ORIGINS", origin)
    with pytest.raises(SettingsError, match="is not an origin that a browser sends"):
        settings_with(None)


@pytest.mark.parametrize("name", ["Asia/Bekasi", "../etc/passwd", "Asia", ""])
def test_a_time_zone_that_is_none_is_told_in_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_TIMEZONE", name)
    with pytest.raises(SettingsError, match=rf"DISPOSISI_TIMEZONE: '{name}' is not a time zone.*Asia/Jakarta"):
        settings_with(None)

"""Where a request comes from: this machine, our own page, or another site."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from serve.errors import ForbiddenError

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def is_local(request: Request) -> bool:
    """Tell whether the request comes from this machine and was addressed to it, through no proxy.

    The host must be a loopback name too: a page of another site whose name points here (DNS rebinding) has its own.
    """
    client = request.client.host if request.client else ""
    host = _host(f"//{request.headers.get('host', '')}")
    return is_loopback(client) and is_loopback(host) and not any(name in request.headers for name in _FORWARDED)


def is_loopback(host: str) -> bool:
    """Tell whether an address or name is this machine's own."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def authority(host: str, port: int) -> str:
    """Return host and port as addresses have them: an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_origin(request: Request) -> None:
    """Pass if the browser says that the request comes from our own page, or isn't a browser.

    Raises
    ------
    ForbiddenError
        If it comes from another site.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {"same-origin", "none"} if site else bool(origin) and not _same_host(origin or "", request)
    if foreign:
        raise ForbiddenError("Permintaan ini datang dari situs lain.", mend="Buka meja Disposisi sendiri.")


def _same_host(origin: str, request: Request) -> bool:
    try:
        return urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # it is none
        return False


def _host(address: str) -> str:
    """Return the host of an address; empty if it has none, or cannot be one."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""

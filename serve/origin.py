"""Origin of a request: this machine, a page of the desk, or another site."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from serve.errors import ForbiddenError

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def is_local(request: Request) -> bool:
    """Tell whether the request comes from this machine and is addressed to it, without a proxy.

    ``Host`` must be a loopback name, too: with DNS rebinding it is the name of the attacking site.
    """
    client = request.client.host if request.client else ""
    host = _host(f"//{request.headers.get('host', '')}")
    return is_loopback(client) and is_loopback(host) and not any(name in request.headers for name in _FORWARDED)


def is_loopback(host: str) -> bool:
    """Tell whether a host is ``localhost`` or a loopback address."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def authority(host: str, port: int) -> str:
    """Return ``host:port`` as in a URL, with an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_origin(request: Request) -> None:
    """Check that a request from a browser comes from a page of the desk; other clients pass.

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
    except ValueError:  # not a URL
        return False


def _host(address: str) -> str:
    """Return the host of a URL; empty if it has none or is malformed."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""

"""Pages for logging in and out, and for administering accounts and keys."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from serve.api.dependencies import Now, Store
from serve.desk import wording
from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.forms import SentForm, first
from serve.desk.html import page
from serve.desk.viewers import changer, viewer
from serve.errors import ForbiddenError, OrderError, StoreError
from serve.identity import Identity
from serve.origin import check_origin
from serve.security import COOKIE
from serve.store import accounts, keys, logins
from serve.store.accounts import Role, Scope
from serve.store.database import Database

_KNOWN_LONGER = dt.timedelta(days=1)  # cookie outlives the login, to tell an expired login from none

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)

Admin = Annotated[Identity, Depends(changer(Scope.ADMIN))]


@pages.get("/masuk", response_class=HTMLResponse)
def login_form(request: Request) -> HTMLResponse:
    """Show the login form."""
    params = request.query_params
    return page(request, "login.html", {"onward": _onward(params.get("ke", "/")), "ended": "berakhir" in params})


@pages.post("/masuk")
def login(request: Request, form: SentForm, store: Store, now: Now) -> Response:
    """Log in, or show the form again with the error."""
    check_origin(request)
    onward, name = _onward(first(form, "ke")), first(form, "nama")
    try:
        begun = logins.log_in(store, name, form.get("sandi", [""])[0], now)
    except StoreError as error:
        answer = page(request, "login.html", {"error": error, "onward": onward, "name": name}, status=error.status)
        answer.headers.update(error.headers)
        return answer
    response = RedirectResponse(onward, status_code=303)
    _set_cookie(response, request, begun)
    return response


def _set_cookie(response: Response, request: Request, begun: logins.Login) -> None:
    """Set a login's session cookie."""
    response.set_cookie(
        COOKIE,
        begun.token,
        max_age=round((logins.LOGIN_TIME + _KNOWN_LONGER).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


@pages.post("/keluar")
def logout(request: Request, _: Annotated[Identity, Depends(changer(Scope.READ))], store: Store) -> Response:
    """Log out."""
    if token := request.cookies.get(COOKIE):
        with store.writing() as session:
            logins.end(session, token)
    response = RedirectResponse("/masuk", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@pages.get("/kelola", response_class=HTMLResponse)
def admin(
    request: Request, _: Annotated[Identity, Depends(viewer(Scope.ADMIN))], store: Store, desk: TheDesk, now: Now
) -> HTMLResponse:
    """List accounts and keys."""
    return _admin_page(request, store, desk, now, {})


@pages.post("/kelola", response_class=HTMLResponse)
def change(request: Request, form: SentForm, admin: Admin, store: Store, desk: TheDesk, now: Now) -> HTMLResponse:
    """Add or disable an account, or add or revoke a key."""
    try:
        told = _changed(store, form, admin, now)
    except StoreError as error:
        return _admin_page(request, store, desk, now, {"error": error, "form": form}, status=error.status)
    return _admin_page(request, store, desk, now, told)


def _changed(store: Database, form: dict[str, list[str]], admin: Identity, now: dt.datetime) -> dict[str, object]:
    name = first(form, "nama")
    with store.writing() as session:
        match first(form, "perintah"):
            case "tambah-akun":
                role = next((role for role in Role if role.value == first(form, "peran")), Role.PETUGAS)
                password = form.get("sandi", [""])[0]
                accounts.add_user(session, name, password, full_name=first(form, "lengkap"), role=role, now=now)
                return {"told": f"Akun {name} dibuat."}
            case "tutup-akun":
                if name == admin.name:
                    raise ForbiddenError("Akun Anda sendiri tidak dapat ditutup.", mend="Minta admin lain.")
                accounts.disable_user(session, name, now)
                return {"told": f"Akun {name} ditutup; keputusannya tetap tercatat."}
            case "tambah-kunci":
                wanted = set(form.get("cakupan", []))
                key = keys.add_key(session, name, [scope for scope in Scope if scope.value in wanted], now=now)
                return {"told": f"Kunci {name} dibuat.", "new_key": key}
            case "cabut-kunci":
                keys.revoke_key(session, name, now)
                return {"told": f"Kunci {name} dicabut."}
            case _:
                raise OrderError("Perintah ini tidak dikenal.", mend="Muat ulang halaman.")


def _admin_page(
    request: Request, store: Database, desk: TheDesk, now: dt.datetime, told: dict[str, object], status: int = 200
) -> HTMLResponse:
    with store.reading() as session:
        context = {
            "users": accounts.users(session),
            "keys": keys.keys(session),
            "roles": list(Role),
            "scopes": list(Scope),
            "when": lambda moment: wording.short(moment, desk.calendar.zone, now),
        }
    return page(request, "admin.html", context | told, status=status)


def _onward(path: str) -> str:
    """Return the path to go to after login; only paths on this site, against open redirects."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"

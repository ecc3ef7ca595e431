"""Who views a page or sends a form of the desk, and may do so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from serve.desk.forms import Form, SentForm, first
from serve.identity import Identity
from serve.security import may
from serve.store.accounts import Scope


def viewer(scope: Scope) -> Callable[[Request], Identity]:
    """Return a dependency for pages that requires a scope, and identifies the viewer for the page's frame."""

    def identify(request: Request) -> Identity:
        request.state.identity = identity = may(scope)(request)
        return identity

    return identify


def changer(scope: Scope) -> Callable[[Request, Form], Identity]:
    """Return a dependency for forms that checks the sender's scope and the CSRF token."""
    identify = viewer(scope)

    def check(request: Request, form: SentForm) -> Identity:
        identity = identify(request)
        identity.check_csrf(first(form, "csrf"))
        return identity

    return check


Viewer = Annotated[Identity, Depends(viewer(Scope.READ))]

"""Fields of the desk's forms."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request

from serve.api.form import fields_of

MAX_FIELDS = 200

Form = dict[str, list[str]]


async def form_of(request: Request) -> Form:
    """Return the fields of a form, with normalised newlines; the desk's forms are all URL-encoded."""
    fields = await fields_of(request, MAX_FIELDS)
    return {name: [value.replace("\r\n", "\n") for value in values] for name, values in fields.items()}


SentForm = Annotated[Form, Depends(form_of)]


def first(form: Form, name: str) -> str:
    """Return a field's first value, stripped; empty if it wasn't sent."""
    return form.get(name, [""])[0].strip()


def form_key() -> str:
    """Return a new idempotency key for a form."""
    return secrets.token_urlsafe(12)


def key_of(form: Form) -> str | None:
    """Return a form's idempotency key; ``None`` without one."""
    return first(form, "kunci")[:64] or None

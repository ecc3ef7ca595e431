"""Forms as browsers and Open311 clients send them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from serve.errors import InvalidInputError
from serve.media_type import media_type

MAX_FIELDS = 50
_FORM = "application/x-www-form-urlencoded"


async def fields_of(request: Request, most: int) -> dict[str, list[str]]:
    """Return the values of each field; what isn't UTF-8 is replaced.

    Raises
    ------
    InvalidInputError
        If there are more than ``most``.
    """
    body = (await request.body()).decode("utf-8", errors="replace")
    try:
        return parse_qs(body, keep_blank_values=True, max_num_fields=most)
    except ValueError:
        raise InvalidInputError(f"Formulir berisi lebih dari {most} isian.", mend="Kirim yang perlu saja.") from None


async def _form(request: Request) -> dict[str, str]:
    """Return the first value of each field.

    Raises
    ------
    InvalidInputError
        If there are too many, or the body says that it is something else: its fields would all be missing.
    """
    if "content-type" in request.headers and media_type(request) != _FORM:
        raise InvalidInputError("Isinya bukan formulir.", mend=f"Kirim sebagai {_FORM}.")
    return {name: values[0] for name, values in (await fields_of(request, MAX_FIELDS)).items()}


Form = Annotated[dict[str, str], Depends(_form)]

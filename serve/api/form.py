"""Parsing of URL-encoded forms from browsers and Open311 clients."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from pipeline.complaint import UNREADABLE
from pipeline.numerals import thousands
from serve.api import SMALL_BYTES
from serve.errors import FormTooLargeError, InvalidInputError
from serve.media_type import media_type

MAX_FIELDS = 50
_FORM = "application/x-www-form-urlencoded"


async def fields_of(request: Request, most: int) -> dict[str, list[str]]:
    """Return the values of each field; bytes that aren't UTF-8 are replaced.

    Raises
    ------
    InvalidInputError
        If there are more than ``most`` fields, or characters that no database stores; as
        :class:`~serve.errors.FormTooLargeError` if the form is too large.
    """
    body = await request.body()
    # parse_qs turns 16 MiB of percent signs into 2 GB of strings, in 5 s during which nobody is answered; and anybody
    # may send a form.
    if len(body) > SMALL_BYTES:
        raise FormTooLargeError(
            f"Formulir berisi {thousands(len(body))} byte; paling banyak {thousands(SMALL_BYTES)}.",
            mend="Kirim yang perlu saja.",
        )
    try:
        fields = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        raise InvalidInputError(f"Formulir berisi lebih dari {most} isian.", mend="Kirim yang perlu saja.") from None
    if any(UNREADABLE.search(value) for values in fields.values() for value in values):
        raise InvalidInputError("Formulir memuat karakter yang bukan tulisan.", mend="Kirim sebagai UTF-8.")
    return fields


async def _form(request: Request) -> dict[str, str]:
    """Return the first value of each field.

    Raises
    ------
    InvalidInputError
        If there are too many fields, or the content type is another one, so that all fields would seem missing.
    """
    if "content-type" in request.headers and media_type(request) != _FORM:
        raise InvalidInputError("Isinya bukan formulir.", mend=f"Kirim sebagai {_FORM}.")
    return {name: values[0] for name, values in (await fields_of(request, MAX_FIELDS)).items()}


Form = Annotated[dict[str, str], Depends(_form)]
